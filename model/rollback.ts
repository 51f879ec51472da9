import { type Fence, neededFor } from "./guard";
import type { Known } from "./known";
import type { LiveRule, LiveTargets } from "./live";
import { COLOURS, type Colour, type Shares, greenAt, otherColour } from "./release";

/** What somebody asks for. */
export interface Asked {
  /** The colour to go to. Default: the live one; its predecessor where the live version is fenced. */
  readonly to?: Colour | undefined;
  /** The version to fence. Default: that of the colour that is left. */
  readonly version?: string | undefined;
  /** The target's share, in percent. Default: 100. */
  readonly share?: number | undefined;
  /** Whether to go where too few targets are healthy. */
  readonly anyway?: boolean | undefined;
}

/** What is seen when it is asked. */
export interface Sight {
  readonly rules: readonly LiveRule[];
  readonly targets: LiveTargets;
  readonly fence?: Fence | undefined;
  /** Absent: nobody could say who is trusted. */
  readonly known?: Known | undefined;
  /** ISO time. */
  readonly now: string;
}

/** One rule that is to be changed, and to what. */
export interface Move {
  readonly rule: LiveRule;
  readonly shares: Shares;
}

/** What to do. */
export interface Rollback {
  readonly to: Colour;
  /** Its share from then on, in percent. */
  readonly share: number;
  /** The version to keep from rising from now on; absent where it is fenced already, or there is none. */
  readonly fence?: string;
  /** Empty where every rule is as it should be. */
  readonly moves: readonly Move[];
  /** Why nothing may be moved now, although a fence may; empty where it may. */
  readonly held: readonly string[];
  /** What somebody should know all the same. */
  readonly remarks: readonly string[];
  /** The most that the target carries now, in percent, where it does not carry what is asked for. */
  readonly carries?: number;
}

/** A rollback that must not be: there is no colour to go to, or more than one. */
export class NoTargetError extends Error {
  override readonly name = "NoTargetError";

  /** @param to colours that could be meant, to be offered as commands */
  constructor(
    message: string,
    readonly to: readonly Colour[] = [],
  ) {
    super(message);
  }
}

/**
 * What takes traffic back.
 *
 * @throws NoTargetError where it cannot be told where to, or nothing there may be trusted
 */
export function rollback(sight: Sight, asked: Asked): Rollback {
  const to = targetOf(sight, asked);
  const left = otherColour(to);
  // Somebody may have moved more to the target than is asked for now: no share of it is lowered here.
  const share = Math.max(asked.share ?? 100, ...sight.rules.map(({ shares }) => shares[to]));
  const moves = sight.rules.flatMap((rule) => moveOf(rule, to, share));
  const lacking = needs(sight, to, share);
  const isHeld = lacking.some(isHopeless) && !asked.anyway;
  const lacks = lacking.map((need) => lackText(need, to, share));
  const fence = toFence(sight, asked, left, moves.length > 0);
  const unseen = moves.filter(({ rule }) => sight.targets[rule.service]?.[to] === undefined);
  return {
    to,
    share,
    ...(fence !== undefined && { fence }),
    moves,
    held: isHeld ? lacks : [],
    remarks: [
      ...(isHeld ? [] : lacks),
      ...(unseen.length > 0
        ? [`the targets of ${to} could not be observed: ${unseen.map(({ rule }) => rule.service).join(", ")}`]
        : []),
      ...remarksOf(sight, to, moves.length > 0, fence),
    ],
    ...(isHeld && { carries: carriedBy(sight, to, share) }),
  };
}

/** The colour to go to: one that is trusted, and whose version nobody has fenced. */
function targetOf({ known, fence, rules, now }: Sight, { to }: Asked): Colour {
  if (!known) {
    if (to) return to;
    throw new NoTargetError(
      `nothing here says which colour is the live one; weights alone do not tell`,
      COLOURS,
    );
  }
  const refusal = (colour: Colour) => refusalOf({ known, fence, now }, colour);
  if (to) {
    const reason = refusal(to);
    if (reason === undefined) return to;
    const left = COLOURS.filter((colour) => refusal(colour) === undefined);
    throw new NoTargetError(reason, left);
  }
  const { live } = known;
  const other = otherColour(live);
  const reason = refusal(live);
  if (reason === undefined) {
    const both = rules.some(({ shares }) => shares[other] > 0) && refusal(other) === undefined;
    if (!both) return live;
    throw new NoTargetError(`both colours are trusted, and both have traffic`, [live, other]);
  }
  if (refusal(other) === undefined) return other;
  throw new NoTargetError(`${reason}; and ${refusal(other) ?? ""}`);
}

/** Why a colour is nothing to go back to; undefined where it is. */
function refusalOf(
  { known, fence, now }: Pick<Sight, "fence" | "now"> & { known: Known },
  colour: Colour,
): string | undefined {
  const { live, versions, predecessor, unserved } = known;
  const version = versions[colour];
  if (version === undefined) return `${colour} runs nothing`;
  // A fence names a version. Where both colours run it, with other settings, it does not tell them apart.
  if (fence?.version === version && version !== versions[otherColour(colour)]) {
    return `${colour} ${version} is fenced since ${fence.at} by ${fence.by}: ${fence.reason}`;
  }
  if (unserved.includes(colour)) return `the database's schema no longer serves ${colour} ${version}`;
  if (colour === live) return undefined;
  if (predecessor?.colour !== colour) {
    return `${colour} ${version} is a candidate, and not what ${live} took over from`;
  }
  return Date.parse(predecessor.until) > Date.parse(now)
    ? undefined
    : `${colour} ${version} was kept until ${predecessor.until} only`;
}

function moveOf(rule: LiveRule, to: Colour, share: number): Move[] {
  const { shares, sticky } = rule;
  if (shares[to] === share && !sticky && shares.blue + shares.green > 0) return [];
  return [{ rule, shares: greenAt(to === "green" ? share : 100 - share) }];
}

/** The version that must not come back, if it is not fenced yet. */
function toFence({ known, fence }: Sight, asked: Asked, left: Colour, moves: boolean): string | undefined {
  const version = asked.version ?? known?.versions[left];
  if (version === undefined || version === fence?.version) return undefined;
  // Where nothing moves, the version that the live one took over from has done nothing.
  return moves || asked.version !== undefined || known?.predecessor?.colour !== left ? version : undefined;
}

/** What the target has and needs at a rule where its share would rise. */
interface Need {
  readonly service: string;
  readonly healthy: number;
  readonly needed: number;
}

/**
 * How many healthy targets the colour needs where it has fewer. It needs its part of full size and of the load of
 * the moment; but where it serves a share already, what it has shows what the rest takes. Without its full size
 * one target is all that can be asked for.
 */
function needs({ rules, targets, known }: Sight, to: Colour, share: number): Need[] {
  return rules.flatMap(({ service, shares }) => {
    const { [to]: mine, [otherColour(to)]: other } = targets[service] ?? {};
    const from = shares[to];
    if (!mine || from >= share) return [];
    const size = known?.sizes[service];
    const observed = { ...mine, ...(other && { other: other.healthy }) };
    const planned = size ? neededFor({ colour: to, from, to: share, ...size }, observed) : 1;
    const shown = from > 0 ? Math.max(1, Math.floor((mine.healthy * share) / from)) : planned;
    const needed = Math.min(planned, shown);
    return mine.healthy >= needed ? [] : [{ service, healthy: mine.healthy, needed }];
  });
}

/** Fewer than half of what is needed: then users are worse off there than where they are. */
const isHopeless = ({ healthy, needed }: Need): boolean => 2 * healthy < needed;

const lackText = ({ service, healthy, needed }: Need, to: Colour, share: number): string =>
  `${service} ${to} has ${healthy} healthy targets; ${share} % needs ${needed}`;

/** The greatest share at which no rule of the target is hopeless, in percent; 0 where there is none. */
function carriedBy(sight: Sight, to: Colour, share: number): number {
  for (let percent = share - 1; percent > 0; percent -= 1) {
    if (!needs(sight, to, percent).some(isHopeless)) return percent;
  }
  return 0;
}

function remarksOf({ known, fence, now }: Sight, to: Colour, moves: boolean, fenced?: string): string[] {
  const left = otherColour(to);
  const replaced = fenced !== undefined && fence ? [`the fence of ${fence.version} ends with this one`] : [];
  if (!known) {
    const unfenced = fenced === undefined && fence === undefined;
    return [
      `nothing here says who is trusted: ${to} is taken as told`,
      ...(unfenced ? [`no fence: the version of ${left} is not known here; name it with --version`] : []),
      ...replaced,
    ];
  }
  const wayBack = !moves && refusalOf({ known, fence, now }, left) === undefined;
  const inPlace = !moves && known.strategy === "rolling";
  return [
    ...(wayBack
      ? [`if ${to} itself is what is wrong, ${left} is its unchanged predecessor: --to ${left}`]
      : []),
    ...(inPlace ? [`a rolling release goes back in place: set the former version, then pulumi up`] : []),
    ...replaced,
  ];
}
