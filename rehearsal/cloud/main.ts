/**
 * The local cloud's process. It prints one line of JSON ({@link Address}) when it is ready, and lives as
 * long as its standard input is open: however its parent ends, the kernel closes that.
 */
import { constants } from "node:os";
import { CLOCK, parsePace, usePace } from "../../cloud/clock";
import { chanceIn } from "../chance";
import { startBalancer } from "./balancer/balancer";
import { balancerRoutes } from "./balancer/routes";
import { startControllers } from "./cluster/controllers";
import { clusterRoutes } from "./cluster/routes";
import { scrapeRoutes } from "./cluster/scrape-routes";
import { kubernetesBehaviour } from "./cluster/provider";
import { CONSTRUCTS, startConstructs } from "./constructs/start";
import { alarmRoutes } from "./endpoint/cloudwatch/alarms";
import { cloudwatch } from "./endpoint/cloudwatch/service";
import { serveEndpoint } from "./endpoint/server";
import { Faults } from "./faults";
import { serveProviders } from "./providers/server";
import { secretRoutes } from "./secrets/routes";
import { World } from "./world";
import type { Address } from "./start";

async function main(): Promise<void> {
  const end = () => process.exit(0);
  process.stdin.resume().on("end", end).on("close", end);
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => process.exit(128 + constants.signals[signal]));
  }
  // A Ctrl-C reaches every process of the terminal: the parent decides when the cloud ends, after the engine.
  process.on("SIGINT", () => undefined);

  // What stands in for AWS has no AWS to be on this machine.
  const pace = process.env[CLOCK];
  if (pace) usePace(parsePace(pace));
  const world = new World();
  const faults = new Faults();
  const controllers = startControllers(world, undefined, chanceIn(process.env, "pods"));
  const balancer = startBalancer(world, chanceIn(process.env, "balancer"));
  const [providers, constructs, endpoint] = await Promise.all([
    serveProviders(world, faults, { kubernetes: kubernetesBehaviour(world, controllers, faults) }),
    startConstructs(),
    serveEndpoint(
      world,
      faults,
      {
        ...balancerRoutes(balancer),
        ...clusterRoutes(controllers),
        ...scrapeRoutes(world, controllers),
        ...secretRoutes(world),
        ...alarmRoutes(world),
      },
      [cloudwatch(balancer.measurements)],
    ),
  ]);
  void constructs.ended.then((how) => {
    fail(new Error(`${CONSTRUCTS} ${how}`));
  });
  const address: Address = {
    providers: { ...providers.ports, awsx: constructs.port, eks: constructs.port },
    endpoint: endpoint.url,
  };
  process.stdout.write(`${JSON.stringify(address)}\n`);
}

/** The parent tells the error's own line. */
function fail(error: unknown): void {
  console.error(error);
  process.exit(1);
}

main().catch(fail);
