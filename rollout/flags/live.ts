import { type Parameter, Parameters } from "../../cloud/parameters";
import type { FlagValue } from "../../model/flags/flag";
import type { FlagSeen } from "../../model/flags/situation";
import { flagOf, flagParameter, flagsPath } from "../../model/flags/parameter";
import { isFlagText, parseFlag } from "../../model/flags/value";
import type { Seen } from "../../model/rollout/seen";
import { reasonOf } from "../failure";
import { seen } from "../seen";
import type { Subject } from "../subject";

/** A flag's parameter, as SSM has it. */
export interface LiveFlag extends Parameter {
  /** Absent: applications do not take it. */
  readonly means?: FlagValue;
  /** Why they do not. */
  readonly fault?: string;
}

/** Flags by name; undefined where SSM has no such parameter. */
export type LiveFlags = Readonly<Record<string, Seen<LiveFlag | undefined>>>;

/** How many are asked for at once: an account has forty calls a second, for everything that it does. */
const AT_ONCE = 10;

/** Flags as SSM has them, each by itself: one that may not be read hides no other. It never throws. */
export async function liveFlags(subject: Subject, names: readonly string[]): Promise<LiveFlags> {
  const parameters = new Parameters(subject.region);
  const found: [string, Seen<LiveFlag | undefined>][] = [];
  for (let first = 0; first < names.length; first += AT_ONCE) {
    const looks = names.slice(first, first + AT_ONCE).map((name) => liveFlag(subject, name, parameters));
    (await Promise.all(looks)).forEach((live, index) => found.push([names[first + index] ?? "", live]));
  }
  return Object.fromEntries(found);
}

/** One of them. */
export function liveFlag(
  { app, environment, region }: Subject,
  name: string,
  parameters = new Parameters(region),
): Promise<Seen<LiveFlag | undefined>> {
  return seen(parameters.read(flagParameter(app, environment, name)).then((held) => held && meaning(held)));
}

/**
 * The names of a stack's flags where nobody declares any. An application keeps other things below the same path, so
 * nothing is decrypted for that, and what has not the shape of a flag is none.
 */
export async function flagNames({ app, environment, region }: Subject): Promise<Seen<string[]>> {
  try {
    const found = await new Parameters(region).below(flagsPath(app, environment));
    const names = Object.entries(found).flatMap(([parameter, { value }]) => {
      const name = flagOf(app, environment, parameter);
      return name !== undefined && isFlagText(value) ? [name] : [];
    });
    return { value: names };
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
export function seenIn(live: Seen<LiveFlag | undefined>): Seen<FlagSeen | undefined> {
  if ("unseen" in live) return live;
  if (!live.value) return { value: undefined };
  const { means, fault, at } = live.value;
  if (!means) return { unseen: fault ?? "it says nothing" };
  return { value: { value: means, ...(at !== undefined && { at }) } };
}
