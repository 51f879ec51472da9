import { isDeepStrictEqual } from "node:util";
import { COLOURS, type Colour, type Manifest, type Recorded, type Release } from "../../model/release";
import type { Transition } from "../../model/transition";
import { SMALL, type Update } from "./history";

/**
 * What the catalogue's sentences call illegal, told from a stack's whole history and without the rules that refuse it.
 * It knows less than they do: where they see more, as with a schema that does not serve what is kept, it says nothing.
 */
interface Memory {
  /** Of the last change of what runs or of its shares; minus infinity where there was none. */
  readonly changedAt: number;
  readonly replaced?:
    { readonly colour: Colour; readonly manifest: Manifest; readonly at: number } | undefined;
  /** When a colour lost its last user. */
  readonly emptiedAt: Partial<Record<Colour, number>>;
  readonly takenBack: ReadonlySet<string>;
}

type Asked = Update["transition"];

const FRESH: Memory = { changedAt: -Infinity, emptiedAt: {}, takenBack: new Set() };
const [WARM, KEPT] = [SMALL.warmSeconds * 1000, (SMALL.warmSeconds + SMALL.coldSeconds) * 1000];
const DRAIN = (SMALL.stickinessSeconds + SMALL.deregistrationSeconds) * 1000;

const same = (one: unknown, other: unknown): boolean => isDeepStrictEqual(one, other);
const time = ({ now }: Pick<Transition, "now">): number => Date.parse(now);
const sharesOf = ({ rules }: Recorded, colour: Colour): number[] =>
  Object.values(rules).map((shares) => shares[colour]);
const hasUsers = (recorded: Recorded, colour: Colour): boolean =>
  sharesOf(recorded, colour).some((share) => share > 0);
const rises = ({ from, to }: Asked, colour: Colour): boolean =>
  sharesOf(from, colour).some((share) => to.traffic[colour] > share);

/** Ids of the rules by whose sentence in the catalogue the transition is illegal; T1, T5, T6, T10 and T12 are known. */
export function illegal(asked: Asked, earlier: readonly Update[]): string[] {
  const memory = earlier.reduce(remember, FRESH);
  const tells = { T1: jumps, T5: tooSoon, T6: removes, T10: inFreeze, T12: again };
  return Object.entries(tells).flatMap(([id, tell]) => (tell(asked, memory) ? [id] : []));
}

/** "The trusted colour: where a retreat goes", and "its unchanged predecessor inside retention". */
function isKnown({ from, to, now }: Asked, { replaced }: Memory, colour: Colour): boolean {
  if (!same(from.release[colour], to[colour])) return false;
  if (colour === from.release.live) return true;
  return (
    replaced?.colour === colour && same(replaced.manifest, to[colour]) && time({ now }) < replaced.at + KEPT
  );
}

const risesUnknown = (asked: Asked, memory: Memory): Colour[] =>
  COLOURS.filter((colour) => rises(asked, colour) && !isKnown(asked, memory, colour));

const flips = ({ from, to }: Asked): boolean =>
  from.release.strategy === "blue-green" && to.strategy === "blue-green" && from.release.live !== to.live;

/** "A rise beyond the environment's step"; what an update that failed half-way was asked for may be finished. */
const jumps = (asked: Asked, memory: Memory): boolean =>
  risesUnknown(asked, memory).some((colour) => {
    const { from, to } = asked;
    const share = to.traffic[colour];
    const begun = Math.min(from.release.traffic[colour], Math.max(...sharesOf(from, colour)));
    const flipped = flips(asked) && to.live === colour && share === 100;
    return !flipped && share > begun && sharesOf(from, colour).some((had) => share - had > SMALL.step);
  });

/** "Promote or flip before the candidate carried 100 for its bake time." */
function tooSoon(asked: Asked, memory: Memory): boolean {
  const { from, to } = asked;
  const { live } = to;
  if (live === from.release.live) return false;
  if (to.traffic[live] !== 100) return true;
  if (isKnown(asked, memory, live)) return false;
  const carried = flips(asked) || sharesOf(from, live).every((share) => share === 100);
  return !carried || time(asked) - memory.changedAt < SMALL.bakeSeconds * 1000;
}

/** "Removing … a colour that has traffic, is draining, or is in warm retention." */
const removes = (asked: Asked, { replaced, emptiedAt }: Memory): boolean =>
  COLOURS.some((colour) => {
    const { from, to } = asked;
    if (from.release[colour].version === undefined || to[colour].version !== undefined) return false;
    const warm = replaced?.colour === colour && time(asked) < replaced.at + WARM;
    return hasUsers(from, colour) || warm || time(asked) - (emptiedAt[colour] ?? -Infinity) < DRAIN;
  });

/** "A change inside a freeze window": more users for what is not trusted, or trust for it. */
const inFreeze = (asked: Asked, memory: Memory): boolean => {
  const { from, to, limits } = asked;
  const frozen = [...limits.freezes, ...(from.limits?.freezes ?? [])].some(
    (freeze) => Date.parse(freeze.from) <= time(asked) && time(asked) < Date.parse(freeze.until),
  );
  const promotes = to.live !== from.release.live && !isKnown(asked, memory, to.live);
  return frozen && (promotes || risesUnknown(asked, memory).length > 0);
};

/** "Any share to a version that was rolled back." */
const again = (asked: Asked, memory: Memory): boolean =>
  risesUnknown(asked, memory).some((colour) => memory.takenBack.has(asked.to[colour].version ?? ""));

/** What an update adds to what is known; one whose outputs were not stored is known by its rules alone. */
function remember(memory: Memory, { transition: asked, after }: Update): Memory {
  const { from, to } = asked;
  const now = time(asked);
  const emptied = COLOURS.filter((colour) => hasUsers(from, colour) && !hasUsers(after, colour));
  const emptiedAt = { ...memory.emptiedAt, ...Object.fromEntries(emptied.map((colour) => [colour, now])) };
  if (after.release !== to) return { ...memory, emptiedAt };
  return {
    emptiedAt,
    changedAt: same(essence(from.release), essence(to)) ? memory.changedAt : now,
    replaced: replacedAfter(asked, memory),
    takenBack: takenBackAfter(asked, memory),
  };
}

const essence = ({ strategy, live, traffic, blue, green }: Release) => ({
  ...{ strategy, live, traffic, blue, green },
});

const goesBack = ({ from, to }: Asked, { replaced }: Memory): boolean =>
  replaced?.colour === to.live &&
  same(replaced.manifest, to[to.live]) &&
  (from.release.live !== to.live || !same(from.release[to.live], to[to.live]));

function replacedAfter(asked: Asked, memory: Memory): Memory["replaced"] {
  const { from, to } = asked;
  const before = from.release.live;
  if (goesBack(asked, memory)) return undefined;
  if (to.live !== before || !same(from.release[before], to[before])) {
    return { colour: before, manifest: from.release[before], at: time(asked) };
  }
  const { replaced } = memory;
  const held = replaced?.colour === before || (replaced && same(replaced.manifest, to[replaced.colour]));
  return held ? replaced : undefined;
}

function takenBackAfter(asked: Asked, memory: Memory): ReadonlySet<string> {
  const { from, to } = asked;
  const known = new Set(memory.takenBack);
  for (const colour of COLOURS) {
    const changed = !same(from.release[colour], to[colour]) || to.live !== from.release.live;
    if (rises(asked, colour) || (to.traffic[colour] > 0 && changed)) known.delete(to[colour].version ?? "");
  }
  const stays = { ...asked, to: from.release };
  const lost = COLOURS.filter((colour) => {
    if (colour === from.release.live) return goesBack(asked, memory);
    const users = hasUsers(from, colour) && to.traffic[colour] === 0 && to.live !== colour;
    return users && !isKnown(stays, memory, colour);
  });
  for (const colour of lost) known.add(from.release[colour].version ?? "");
  return known;
}
