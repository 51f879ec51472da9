import type { LiveRule } from "../live";
import { sameManifest, sameRunning } from "../manifest";
import type { Colour } from "../release";
import type { Move } from "../rollback";
import { list } from "../rules/wording";
import { judge } from "../transition";
import { leastOf, mostOf, sharesAt } from "../shares";
import { type Action, type Reason, hold } from "./action";
import { refusals } from "./rules";
import { type Scene, sharesFor, transitionTo, trusts } from "./situation";

/** A rule of which the load balancer and the state do not say the same; shares are the candidate's. */
interface Drifted {
  readonly rule: LiveRule;
  readonly has: number;
  readonly state: number;
}

/** What is done about rules that are not as the state has them; undefined where all are. */
export function drift(scene: Scene, rules: readonly LiveRule[]): Action | undefined {
  const { state, colour } = scene;
  const strange = strangers(scene, rules);
  if (strange) return hold([{ code: "drift", text: strange, awaits: "person" }]);
  const drifted = rules
    .map((rule): Drifted => ({
      rule,
      has: rule.shares[colour],
      state: sharesAt(state, rule.service)[colour],
    }))
    .filter(({ has, state: before }) => has !== before);
  if (drifted.length === 0) return undefined;
  return trusts(scene, colour) ? followed(scene, rules, drifted) : lowered(scene, rules, drifted);
}

/** Rules that only one of state and load balancer has. */
function strangers({ state }: Scene, rules: readonly LiveRule[]): string | undefined {
  const live = new Set(rules.map(({ service }) => service));
  const differ = [
    ...Object.keys(state.rules).filter((service) => !live.has(service)),
    ...[...live].filter((service) => !state.rules[service]),
  ];
  if (differ.length === 0) return undefined;
  return `load balancer and state do not have the same rules: ${list(differ)}. Bring them together: pulumi refresh`;
}

const told = (drifted: readonly Drifted[], colour: Colour): string =>
  list(
    drifted.map(
      ({ rule, has, state }) =>
        `${rule.service}: ${colour} has ${has} % at the load balancer and ${state} % in state`,
    ),
  );

/** A candidate's share follows whoever lowers it, and nobody who raises it past what was agreed. */
function lowered(scene: Scene, rules: readonly LiveRule[], drifted: readonly Drifted[]): Action {
  const { state, colour } = scene;
  const beyond = drifted.filter(({ has }) => has > agreed(scene));
  if (beyond.length > 0) {
    const text = `${told(beyond, colour)}. Nobody agreed to that: lower it again, or take it back: sluice rollback`;
    return hold([{ code: "drift", text, awaits: "person" }]);
  }
  const least = Math.min(lowest(scene), ...drifted.map(({ has }) => has));
  const isLowered = drifted.some(({ has, state: before }) => has < before);
  const reason: Reason = { code: isLowered ? "drift" : "uneven", text: told(drifted, colour) };
  if (isLowered)
    return lowering(
      scene,
      "adopt",
      least,
      above(rules, colour, () => least),
      reason,
    );
  // An update was broken off before the state heard of it. The rules go back to what the state has, for the guard of
  // the next rise compares the two.
  const moves = above(rules, colour, ({ service }) => sharesAt(state, service)[colour]);
  return lowering(scene, "level", isStranded(scene) ? undefined : least, moves, reason);
}

/** The lowest share of the candidate that the state has or configuration asks for, in percent. */
function lowest({ state, asked, colour }: Scene): number {
  const { live, traffic } = asked.release;
  return Math.min(leastOf(state, colour), live === colour ? 100 : traffic[colour]);
}

/** The greatest share that anybody has asked for the candidate as it runs, in percent. */
function agreed({ state, asked, colour }: Scene): number {
  const { release } = asked;
  const before = mostOf(state, colour);
  if (!sameManifest(release[colour], state.release[colour])) return before;
  return Math.max(before, release.live === colour ? 100 : release.traffic[colour]);
}

/** Moves of the rules at which a colour has more than it should, to what it should have. */
const above = (rules: readonly LiveRule[], colour: Colour, share: (rule: LiveRule) => number): Move[] =>
  rules
    .filter((rule) => rule.shares[colour] > share(rule))
    .map((rule) => ({ rule, shares: sharesFor(colour, share(rule)) }));

/** Both colours are trusted: somebody has gone back, and knows how far. */
function followed(scene: Scene, rules: readonly LiveRule[], drifted: readonly Drifted[]): Action {
  const { state, colour } = scene;
  const isBack = drifted.some(({ has, state: before }) => has > before);
  const shares = rules.map((rule) => rule.shares[colour]);
  const share = isBack ? Math.max(...shares) : Math.min(...shares);
  const live = share === 100 ? colour : state.release.live;
  return lowering(scene, "adopt", share, [], { code: "drift", text: told(drifted, colour) }, live);
}

/**
 * Whether a first share was broken off half-way. To level that would take the version back, which T12 remembers; so it
 * is completed, if all that a first share needs is there.
 */
export const isStranded = ({ state, colour }: Scene): boolean =>
  leastOf(state, colour) === 0 && mostOf(state, colour) > 0;

/** Rules that the state has at different shares are brought to the lowest; undefined where they are even. */
export function levelled(scene: Scene): Action | undefined {
  const { state, asked, colour } = scene;
  const [least, most] = [leastOf(state, colour), mostOf(state, colour)];
  if (least === most || isStranded(scene)) return undefined;
  const reason: Reason = {
    code: "uneven",
    text: `an update was broken off: ${colour} has from ${least} % to ${most} %`,
  };
  // Between two that are trusted configuration says how far.
  const share = trusts(scene, colour) ? asked.release.traffic[colour] : least;
  return lowering(scene, "level", share, [], reason);
}

/** @param share of the candidate's; undefined: as configuration has it */
function lowering(
  scene: Scene,
  kind: "adopt" | "level",
  share: number | undefined,
  moves: readonly Move[],
  reason: Reason,
  live: Colour = scene.state.release.live,
): Action {
  const { asked, colour } = scene;
  if (share === undefined) {
    return { kind, moves, edit: {}, release: asked.release, refused: [], reasons: [reason] };
  }
  const edit = { live, traffic: sharesFor(colour, share) };
  const release = { ...asked.release, ...edit };
  const refused = judge(transitionTo(scene, edit));
  const isWritten = sameRunning(release, asked.release);
  // What is done already and leads no further waits for somebody.
  if (refused.length > 0 && moves.length === 0 && isWritten) {
    return hold([{ ...reason, awaits: "person" }, ...refusals(scene, edit)]);
  }
  return { kind, moves, edit, release, refused, reasons: [reason] };
}
