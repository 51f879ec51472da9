import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import { credentials } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import type { AnalyzerInfo } from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

/** A policy pack in a process of its own, as the engine starts it. */
export interface StartedPack {
  readonly client: AnalyzerClient;
  /** Names of the policies that it says it has. */
  policies(): Promise<string[]>;
  close(): Promise<void>;
}

/** Starts the pack of a folder of the project. */
export async function startPack(folder: string): Promise<StartedPack> {
  const child: ChildProcess = spawn(process.execPath, ["index.js"], {
    cwd: join(__dirname, "../..", folder),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [port] = (await once(child.stdout!, "data")) as [Buffer];
  const client = new AnalyzerClient(`127.0.0.1:${port.toString().trim()}`, credentials.createInsecure());
  return {
    client,
    policies: async () => {
      const info = await promisify<Empty, AnalyzerInfo>((asked, answer) =>
        client.getAnalyzerInfo(asked, answer),
      )(new Empty());
      return info.getPoliciesList().map((policy) => policy.getName());
    },
    close: async () => {
      client.close();
      child.kill();
      await once(child, "exit");
    },
  };
}
