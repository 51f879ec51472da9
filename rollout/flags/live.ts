import { type Parameter, Parameters } from "../../cloud/parameters";
import type { FlagValue } from "../../model/flags/flag";
import type { FlagSeen } from "../../model/flags/situation";
import { flagOf, flagsPath } from "../../model/flags/parameter";
import { parseFlag } from "../../model/flags/value";
import type { Seen } from "../../model/rollout/seen";
import { reasonOf } from "../failure";
import type { Subject } from "../subject";

/** A flag's parameter, as SSM has it. */
export interface LiveFlag extends Parameter {
  /** Absent: applications do not take it. */
  readonly means?: FlagValue;
  /** Why they do not. */
  readonly fault?: string;
}

/** Every flag of a stack that SSM has, by name; the engine is not asked. */
export async function liveFlags(subject: Subject): Promise<Seen<Record<string, LiveFlag>>> {
  const { app, environment, region } = subject;
  try {
    const found = await new Parameters(region).below(flagsPath(app, environment));
    const flags = Object.entries(found).flatMap(([parameter, held]) => {
      const name = flagOf(app, environment, parameter);
      return name === undefined ? [] : [[name, meaning(held)] as const];
    });
    return { value: Object.fromEntries(flags) };
  } catch (error) {
    return { unseen: reasonOf(error) };
  }
}

/** A parameter with what it says. */
export function meaning(held: Parameter): LiveFlag {
  try {
    return { ...held, means: parseFlag(held.value) };
  } catch (error) {
    return { ...held, fault: reasonOf(error) };
  }
}

/** What applications cannot read they do not take: it says nothing. */
export function seenIn(live: LiveFlag | undefined): Seen<FlagSeen | undefined> {
  if (!live) return { value: undefined };
  if (!live.means) return { unseen: live.fault ?? "it says nothing" };
  return { value: { value: live.means, ...(live.at !== undefined && { at: live.at }) } };
}
