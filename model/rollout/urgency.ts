import type { LiveRule } from "../live";
import type { Colour } from "../release";
import { retentionPhase } from "../trust";
import { type Reason, named } from "./action";
import { analysisOf } from "./evidence";
import { valueOf } from "./seen";
import { type Scene, trusts } from "./situation";

/** Why traffic must leave a version now, and where it goes. */
export interface Urgent {
  readonly reason: Reason;
  readonly to: Colour;
}

/** Everything that is urgent, and has somewhere to go. */
export function urgencies(scene: Scene): Urgent[] {
  const { state, colour } = scene;
  const { live } = state.release;
  const rules = valueOf(scene.rules) ?? [];
  return [
    ...fenced(scene, rules),
    ...failing(scene, rules),
    ...weightless(rules).map((reason) => ({ to: live, reason })),
  ].filter(({ to }) => to === live || trusts(scene, colour));
}

const weightless = (rules: readonly LiveRule[]): Reason[] =>
  rules.some(({ shares }) => shares.blue + shares.green === 0)
    ? [{ code: "weightless", text: "a rule gives no colour any weight: nobody is served" }]
    : [];

/** A fenced version that has traffic all the same. */
function fenced({ fence: seen, state, colour }: Scene, rules: readonly LiveRule[]): Urgent[] {
  const fence = valueOf(seen);
  const { live } = state.release;
  if (!fence) return [];
  const reason = (of: Colour): Reason => ({
    code: "fence",
    text: `${named(state.release, of)} was fenced at ${fence.at} by ${fence.by}: ${fence.reason}`,
  });
  const has = (of: Colour) =>
    state.release[of].version === fence.version && rules.some(({ shares }) => shares[of] > 0);
  return [
    ...(has(colour) && state.release[live].version !== fence.version
      ? [{ to: live, reason: reason(colour) }]
      : []),
    ...(has(live) ? [{ to: colour, reason: reason(live) }] : []),
  ];
}

/** What the analysis says is bad beyond waiting; of the live colour only while its predecessor is warm. */
function failing(scene: Scene, rules: readonly LiveRule[]): Urgent[] {
  const { state, colour, now } = scene;
  const found = analysisOf(scene);
  if (typeof found === "string") return [];
  const { verdict, urgency, findings } = found.judgement;
  if (verdict !== "failure" || urgency !== "retreat") return [];
  const { live } = state.release;
  const served = !("value" in scene.rules) || rules.some(({ shares }) => shares[found.colour] > 0);
  if (!served || (found.colour === live && retentionPhase(state, now) !== "warm")) return [];
  const evidence = findings.filter((one) => one.urgency === "retreat").map((one) => one.evidence);
  const to = found.colour === live ? colour : live;
  return [{ to, reason: { code: "failing", text: evidence.join("; ") } }];
}
