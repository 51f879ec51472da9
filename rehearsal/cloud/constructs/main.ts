/**
 * Serves the awsx and eks components in a process of their own, since Pulumi's runtime is global to a
 * process. Prints its port as the first line; ends when its standard input closes. The engine that
 * attaches tells its own address, so none is given here.
 */
import * as pulumi from "@pulumi/pulumi";
import { provider } from "./provider";

const end = () => process.exit(0);
process.stdin.resume().on("end", end).on("close", end).on("error", end);
// A Ctrl-C of the terminal reaches this process too, and it must outlive the engine's orderly end.
process.on("SIGINT", () => undefined);

void pulumi.provider.main(provider, []);
