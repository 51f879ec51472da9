import * as pulumi from "@pulumi/pulumi";
import { Parameters } from "../cloud/parameters";
import type { Environment } from "../model/environments";
import { type Flag, type FlagValue, exposureOf } from "../model/flags/flag";
import { type FlagWrite, refuseWrite } from "../model/flags/guard";
import { flagParameter, flagResourceName } from "../model/flags/parameter";
import { parseFlag } from "../model/flags/value";
import type { Recorded } from "../model/release";
import type { Seen } from "../model/rollout/seen";

export interface FlagGuardArgs {
  app: string;
  environment: Environment;
  region: string;
  flags: Readonly<Record<string, Flag>>;
  /** What the state recorded last. Absent: nothing. */
  from: Recorded | undefined;
}

/**
 * Asks SSM in the moment before a flag is written whether somebody has lowered it since: a kill switch acts there first,
 * and configuration that has not heard of it must not raise the flag again. It is so for a stale configuration, for a
 * setting that changes beside an unchanged percentage, and after a refresh of the state. Every fall is permitted.
 *
 * In a preview it warns where it cannot look; at an update it refuses a rise that it cannot judge. It is bound to
 * creation as well, because a replacement runs create hooks.
 */
export const flagGuard = (args: FlagGuardArgs): pulumi.ResourceHook =>
  new pulumi.ResourceHook("sluice-flag-guard", ({ name }) => standFlagGuard(args, name), { onDryRun: true });

/**
 * What the guard does at one parameter.
 *
 * @param resource name of the parameter in the program
 * @throws Error where the flag may not be written
 */
export async function standFlagGuard(args: FlagGuardArgs, resource: string): Promise<void> {
  const { app, environment, region, from } = args;
  const [name, flag] = Object.entries(args.flags).find(([one]) => flagResourceName(one) === resource) ?? [];
  if (name === undefined || !flag) return;
  const write: Omit<FlagWrite, "live"> = {
    flag: name,
    after: exposureOf(flag),
    recorded: from?.flags?.[name]?.percentage,
  };
  const refusal = refuseWrite({
    ...write,
    live: await liveFlag(region, flagParameter(app, environment, name)),
  });
  if (!refusal) return;
  if (refusal.kind === "unseen" && pulumi.runtime.isDryRun()) {
    await pulumi.log.warn(`flag guard: ${refusal.why}. The update looks again.`);
    return;
  }
  throw new Error(`flag guard refuses ${name}: ${refusal.why}`);
}

async function liveFlag(region: string, parameter: string): Promise<Seen<FlagValue | undefined>> {
  try {
    const text = await new Parameters(region).get(parameter);
    return { value: text === undefined ? undefined : parseFlag(text) };
  } catch (error) {
    return { unseen: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}
