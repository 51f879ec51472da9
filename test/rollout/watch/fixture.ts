import { spawn } from "node:child_process";
import { text as readText } from "node:stream/consumers";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { Parameters } from "../../../cloud/parameters";
import { WeightedRules } from "../../../cloud/weightedRules";
import { watcherFile } from "../../../components/release/watchBundle";
import type { Fence } from "../../../model/guard";
import { type Known, formatKnown } from "../../../model/known";
import { COLOURS, type Colour, type Shares } from "../../../model/release";
import { Measurements } from "../../../rehearsal/cloud/balancer/measurements";
import { alarmRoutes } from "../../../rehearsal/cloud/endpoint/cloudwatch/alarms";
import { cloudwatch } from "../../../rehearsal/cloud/endpoint/cloudwatch/service";
import { serveEndpoint } from "../../../rehearsal/cloud/endpoint/server";
import { Faults } from "../../../rehearsal/cloud/faults";
import { type Target, World } from "../../../rehearsal/cloud/world";
import type { Subject } from "../../../rollout/subject";
import { handler } from "../../../rollout/watch/lambda";
import { putTagged } from "../../cloud/contract-tagged";
import { REGION, pointAt } from "../../cloud/readers-fixture";

export const SUBJECT: Subject = { app: "app", environment: "dev", region: REGION };

/** The candidate is green 2.4.0. */
export const KNOWN: Known = {
  live: "blue",
  strategy: "canary",
  versions: { blue: "2.3.1", green: "2.4.0" },
  unserved: [],
  sizes: { api: { replicas: 2, floors: { blue: 2, green: 2 } } },
};

const ARN = "arn:aws:elasticloadbalancing:us-east-1:123456789012";
const BALANCER = `${ARN}:loadbalancer/app/app-dev/60dc6c495c0c9188`;
const RULE = `${ARN}:listener-rule/app/app-dev/60dc6c495c0c9188/f2f7dc8efc522ab2/weighted`;
export const groupOf = (colour: Colour): string => `${ARN}:targetgroup/app-dev-${colour}/73e2d6bc24d8a067`;

const PARAMETERS = { fence: "/sluice/app/dev/fence", release: "/sluice/app/dev/release" } as const;

/** Requests of each minute, by what became of them. */
export interface Traffic {
  readonly well?: number;
  readonly failed?: number;
  readonly slow?: number;
}

/** The stack `app-dev`, whose candidate has 10 % of the service `api`. */
export interface Watchable {
  readonly url: string;
  readonly world: World;
  /** What happened to a colour in each of so many minutes, which are over and published. */
  happened(minutes: number, traffic: Partial<Record<Colour, Traffic>>): void;
  publish(known?: Known): Promise<void>;
  fail(type: string, code: string, times?: number): void;
  /** Ends all faults. */
  works(): void;
  /** How a colour's two targets are. */
  targets(colour: Colour, state: Target["state"]): void;
  put(name: keyof typeof PARAMETERS, value: string): Promise<void>;
  fence(): Promise<Fence | undefined>;
  shares(): Promise<Shares | undefined>;
  /** Lets somebody else move the rule. */
  move(shares: Shares): Promise<void>;
  close(): Promise<void>;
}

const MINUTE = 60_000;

/** Serves it, published an hour ago, with all targets healthy, and points this process's clients at it. */
export async function watchable(): Promise<Watchable> {
  let clock = Number.MAX_SAFE_INTEGER;
  const measurements = new Measurements(() => clock);
  const world = new World();
  world.writtenAt = () => new Date(Date.now() - 60 * MINUTE);
  putTagged(world);
  const faults = new Faults();
  const endpoint = await serveEndpoint(world, faults, alarmRoutes(world), [cloudwatch(measurements)]);
  const putBack = pointAt(endpoint.url);
  const client = new SSMClient({ region: REGION, endpoint: endpoint.url });
  const put: Watchable["put"] = async (name, Value) => {
    await client.send(
      new PutParameterCommand({ Name: PARAMETERS[name], Type: "String", Value, Overwrite: true }),
    );
  };
  const targets: Watchable["targets"] = (colour, state) => {
    for (const id of ["10.0.0.1", "10.0.0.2"]) world.register(groupOf(colour), { id, port: 80 });
    for (const target of world.targets(groupOf(colour))) target.state = state;
  };
  for (const colour of COLOURS) targets(colour, "healthy");
  const rule = async () => (await new WeightedRules(REGION).of("app", "dev"))[0];
  const send = (colour: Colour, { well = 0, failed = 0, slow = 0 }: Traffic) => {
    for (let index = 0; index < well + failed + slow; index += 1) {
      measurements.sent(groupOf(colour), BALANCER);
      const isSlow = index >= failed && index < failed + slow;
      measurements.answered(groupOf(colour), index < failed ? 500 : 200, isSlow ? 6_000 : 20);
    }
  };
  return {
    ...{ url: endpoint.url, world, put, targets },
    happened: (minutes, traffic) => {
      const first = Math.floor(Date.now() / MINUTE) - minutes;
      for (let minute = first; minute < first + minutes; minute += 1) {
        clock = minute * MINUTE + MINUTE / 2;
        for (const colour of COLOURS) send(colour, traffic[colour] ?? {});
      }
      clock = Number.MAX_SAFE_INTEGER;
    },
    publish: (known = KNOWN) => put("release", formatKnown(known)),
    fail: (type, code, times) => {
      const error = { code, message: "injected" };
      faults.add({ action: "api", type, name: "", error, ...(times !== undefined && { times }) });
    },
    works: () => faults.clear(),
    fence: async () => {
      const value = await new Parameters(REGION).get(PARAMETERS.fence);
      return value === undefined ? undefined : (JSON.parse(value) as Fence);
    },
    shares: async () => (await rule())?.shares,
    move: async (shares) => {
      const found = await rule();
      if (found?.arn !== RULE) throw new Error(`found the rule ${String(found?.arn)}`);
      await new WeightedRules(REGION).share(found, shares);
    },
    close: async () => {
      putBack();
      client.destroy();
      await endpoint.close();
    },
  };
}

/** What an invocation of the function did. */
export interface Invoked {
  /** The handler's answer, or the message by which it failed. */
  readonly answer?: { readonly kind: string; readonly moved: readonly string[]; readonly fenced?: string };
  readonly error?: string;
  readonly log: string;
}

/** The environment in which the runtime calls it; only the endpoint and the region are everybody's. */
const ENVIRONMENT = {
  ...{ AWS_REGION: REGION, AWS_LAMBDA_FUNCTION_NAME: "app-dev-watch" },
  ...{ SLUICE_APP: "app", SLUICE_ENVIRONMENT: "dev" },
};

/** Calls the handler here. */
export async function invoke(more: Readonly<Record<string, string>> = {}): Promise<Invoked> {
  const log: string[] = [];
  const [before, print] = [{ ...process.env }, console.log];
  Object.assign(process.env, ENVIRONMENT, more);
  console.log = (line: string) => void log.push(line);
  try {
    return { answer: await handler(), log: log.join("\n") };
  } catch (error) {
    return { error: String(error), log: log.join("\n") };
  } finally {
    console.log = print;
    for (const name of Object.keys({ ...ENVIRONMENT, ...more })) {
      if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = before[name];
    }
  }
}

/** Calls the handler in the file that AWS gets, in a process of its own, as the runtime does. */
export async function invokeBundle(url: string, started?: (kill: () => void) => void): Promise<Invoked> {
  const call =
    `require(${JSON.stringify(watcherFile())}).handler().then(` +
    `(answer) => console.error(JSON.stringify({ answer })),` +
    `(error) => console.error(JSON.stringify({ error: String(error) })))`;
  const child = spawn(process.execPath, ["-e", call], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...{ AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
      ...ENVIRONMENT,
    },
  });
  started?.(() => child.kill("SIGKILL"));
  const [log, result] = await Promise.all([readText(child.stdout), readText(child.stderr)]);
  return { log, ...(result === "" ? {} : (JSON.parse(result) as Omit<Invoked, "log">)) };
}
