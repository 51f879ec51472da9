import type { Action, Hold, Obstacle } from "../rollout/action";
import { earliest, hold } from "../rollout/action";
import { type FlagAction, type FlagFall, type FlagRaise, isFall } from "./action";

/** What a tick does: what falls, of the release and of flags; or one rise. */
export interface Deed {
  /** Flags that fall in SSM before anything else, and that configuration follows. */
  readonly falls: readonly FlagFall[];
  /** The flag that rises. Absent: none. */
  readonly raise?: FlagRaise;
  /** What is done about the release. Absent: it stays as it is, for a flag rises, or one that was taken back falls. */
  readonly release?: Action;
}

const TAKES: readonly Action["kind"][] = ["retreat", "level", "adopt"];

/** Whether traffic is taken from a version. */
export const takes = ({ kind }: Action): boolean => TAKES.includes(kind);

const GIVES: readonly Action["kind"][] = ["prepare", "shift", "promote"];

/** What configuration says already: there is nothing to be written of it, and nothing that only its own update does. */
const isAskedAlone = ({ edit }: FlagFall): boolean => Object.keys(edit).length === 0;

/**
 * One thing at a time, falls first: then what users meet, and what is said of it, has one cause. A flag never rises in
 * an update that gives a version more, for an update of either writes both. A fall that configuration asks for goes
 * along with that: where configuration asks for a new version as well, no update is of flags alone.
 */
export function deedOf(release: Action, flags: readonly FlagAction[]): Deed {
  const falls = flags.filter(isFall);
  const isTogether = takes(release) || (GIVES.includes(release.kind) && falls.every(isAskedAlone));
  if (falls.length > 0) return { falls, ...(isTogether && { release }) };
  if (takes(release)) return { falls, release };
  const rising = flags.filter((one) => one.kind === "raise");
  const asked = rising.find(({ isAsked }) => isAsked);
  if (asked) return { falls, raise: asked };
  const [first] = GIVES.includes(release.kind) ? [] : rising;
  return first ? { falls, raise: first } : { falls, release };
}

/**
 * The release's action where configuration asks for more of a flag than the state has, which may not be yet: an update
 * that gives a version more would give it to the flag as well.
 *
 * @param rising flags that configuration gives more than the state has
 * @param mayAct whether a rise that may be is made first; else it stands before the release as well
 */
export function behindFlags(release: Action, rising: readonly FlagAction[], mayAct: boolean): Action {
  const [first, ...others] = rising.flatMap((one): Obstacle[] => {
    if (one.kind === "hold")
      return [{ code: "behind", text: heldText(one.flag), awaits: "person" }, ...one.reasons];
    return mayAct ? [] : [{ code: "behind", text: firstText(one.flag), awaits: "person" }];
  });
  return first && GIVES.includes(release.kind) ? hold([first, ...others]) : release;
}

const heldText = (flag: string): string =>
  `configuration also gives ${flag} to more sessions, which is held: that is to be settled first`;

const firstText = (flag: string): string =>
  `configuration also gives ${flag} to more sessions, which comes first and alone: sluice tick`;

/** Of everything that nothing is done about, what whoever waits has to wait for; undefined where nothing is left. */
export function awaitedOf(release: Action, flags: readonly FlagAction[]): Hold | undefined {
  const holds = [release, ...flags].flatMap((one) =>
    one.kind === "hold" ? [hold(one.reasons.map(asObstacle), one.asks)] : [],
  );
  const soonest = holds.toSorted((one, other) => rank(one) - rank(other));
  return soonest[0];
}

const asObstacle = (reason: Hold["reasons"][number]): Obstacle => ({
  ...reason,
  awaits: reason.awaits ?? "person",
});

/** What time ends is waited for before what somebody has to do. */
const rank = (one: Hold): number => {
  const isForPerson = one.reasons.some(({ awaits }) => awaits === "person");
  const until = earliest(one);
  return (isForPerson ? Number.MAX_SAFE_INTEGER / 2 : 0) + (until === undefined ? 0 : Date.parse(until));
};
