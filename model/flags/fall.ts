import { plainLine } from "../masked";
import type { FlagEdit } from "./action";
import { type Flag, exposureOf } from "./flag";

/** Characters of a reason in `plan.hold`, at most. */
const LONGEST = 200;

/** A reason as configuration can have it. */
export const holdText = (reason: string): string => plainLine(reason, LONGEST);

/**
 * What configuration is to say of flags that fell together with a version; one of which it says no more already is left.
 *
 * @param fell percentage by the flag's name
 * @param reason why the version was taken back
 */
export const withRelease = (
  fell: Readonly<Record<string, number>>,
  reason: string,
  flags: Readonly<Record<string, Flag>>,
): Readonly<Record<string, FlagEdit>> =>
  Object.fromEntries(
    Object.entries(fell).flatMap(([name, percentage]): [string, FlagEdit][] => {
      const flag = flags[name];
      if (!flag || exposureOf(flag) <= percentage) return [];
      return [[name, { percentage, hold: holdText(`taken back with the release: ${reason}`) }]];
    }),
  );
