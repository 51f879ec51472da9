import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Parameters } from "../../../cloud/parameters";
import type { releaseOutput } from "../../../model/recorded";
import type { Recorded } from "../../../model/release";
import { Measurements } from "../../../rehearsal/cloud/balancer/measurements";
import { callControl } from "../../../rehearsal/cloud/control";
import { alarmRoutes } from "../../../rehearsal/cloud/endpoint/cloudwatch/alarms";
import { cloudwatch } from "../../../rehearsal/cloud/endpoint/cloudwatch/service";
import { serveEndpoint } from "../../../rehearsal/cloud/endpoint/server";
import { Faults } from "../../../rehearsal/cloud/faults";
import { settingsIn } from "../../../rollout/configuration";
import { REGION } from "../../cloud/readers-fixture";
import { STATE, type StackInPlace, exportOf, stackInPlace } from "./stack-fixture";

export const NAME = "partial-results";
export const PARAMETER = `/app/dev/${NAME}/config`;
export const ALARM = "partial-results-latency";

/** Where the SDK looks for CloudWatch alone. */
const ENDPOINT = "AWS_ENDPOINT_URL_CLOUDWATCH";

/** A stack with one flag, by weeks, and one alarm about it. */
export interface FlaggedStack extends StackInPlace {
  tick(...args: string[]): Promise<{ code: number; printed: string }>;
  /** Of the flag: by configuration, in SSM and in the state; SSM's text where it is none of ours. */
  percentages(): Promise<(number | undefined)[]>;
  /** What SSM says. */
  held(): Promise<Record<string, unknown>>;
  put(value: object): Promise<void>;
  alarm(state: "OK" | "ALARM" | "INSUFFICIENT_DATA", name?: string): Promise<unknown>;
  /** The flag has had what it has for so many hours. */
  since(hours: number): Promise<void>;
  /** Changes what the state says. */
  recorded(change: (state: Recorded) => Partial<Recorded>): Promise<void>;
}

/** The same, and nothing is released beside the flag. */
export async function flagAlone(percentage: number): Promise<FlaggedStack> {
  const stack = await flaggedStack(percentage);
  await stack.edit({ green: {} });
  await stack.recorded(({ release }) => ({ release: { ...release, green: {} } }));
  return stack;
}

/** @param percentage of the flag everywhere, for a week and an hour; @param green the candidate's share */
export async function flaggedStack(percentage: number, green = 0, more = ""): Promise<FlaggedStack> {
  const stack = await stackInPlace(green);
  const { world } = stack.edge.aws;
  const watch = await serveEndpoint(world, new Faults(), alarmRoutes(world), [
    cloudwatch(new Measurements()),
  ]);
  process.env[ENDPOINT] = watch.url;
  const parameters = new Parameters(REGION);
  const put = (value: object) => parameters.put(PARAMETER, JSON.stringify(value));
  const file = join(stack.folder, STATE);
  const release = async () => {
    const exported = JSON.parse(await readFile(file, "utf8")) as {
      deployment: { resources: { type: string; outputs: { release: ReturnType<typeof releaseOutput> } }[] };
    };
    const [first] = exported.deployment.resources;
    return { exported, output: first!.outputs };
  };
  const recorded: FlaggedStack["recorded"] = async (change) => {
    const { output } = await release();
    const { strategy, live, traffic, capacity, supersedes, blue, green: other, ...rest } = output.release;
    const running = { strategy, live, traffic, blue, green: other };
    const asked = {
      ...running,
      ...(capacity && { capacity }),
      ...(supersedes !== undefined && { supersedes }),
    };
    const state = { ...rest, release: asked, rules: { api: traffic }, services: {} } as unknown as Recorded;
    const after = { ...state, ...change(state) };
    const outputs = {
      release: { ...output.release, ...rest, flags: after.flags, green: after.release.green },
    };
    const whole = exportOf(after) as { deployment: { resources: { outputs: object }[] } };
    whole.deployment.resources[0]!.outputs = outputs;
    await writeFile(file, JSON.stringify(whole));
  };
  const since = (hours: number) =>
    recorded(({ flags = {} }) => {
      const at = new Date(Date.now() - 3_600_000 * hours).toISOString();
      return { flags: { ...flags, [NAME]: { percentage, settled: false, ...flags[NAME], since: at } } };
    });
  const alarm: FlaggedStack["alarm"] = (state, name = ALARM) =>
    callControl(watch.url, { method: "POST", path: "alarms", body: { name, state } });
  const flag = { rollout_percentage: percentage, plan: "weekly", alarms: [ALARM] };
  await stack.write(`${await stack.text()}  sluice:flags: ${JSON.stringify({ [NAME]: flag })}\n${more}`);
  await put({ enabled: true, rollout_percentage: percentage });
  await since(7 * 24 + 1);
  await alarm("OK");
  const held = async () => JSON.parse((await parameters.get(PARAMETER)) ?? "{}") as Record<string, unknown>;
  return {
    ...stack,
    ...{ recorded, since, alarm, put, held },
    tick: (...args) => stack.call("tick", "-s", "dev", ...args),
    percentages: async () => {
      const { output } = await release();
      const { rollout_percentage: live, enabled } = await held();
      return [
        settingsIn(await stack.text()).flags[NAME]?.percentage,
        enabled === true ? (live as number) : 0,
        output.release.flags?.[NAME]?.percentage,
      ];
    },
    close: async () => {
      Reflect.deleteProperty(process.env, ENDPOINT);
      await watch.close();
      await stack.close();
    },
  };
}
