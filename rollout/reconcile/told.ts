import type { FlagAction } from "../../model/flags/action";
import { COLOURS, type Recorded, otherColour } from "../../model/release";
import { type Action, type Reason, earliest, named } from "../../model/rollout/action";
import { type Plan, stepAt } from "../../model/rollout/plan";
import { valueOf } from "../../model/rollout/seen";
import { leastOf, mostOf } from "../../model/shares";
import { secondsBetween } from "../../model/trust";
import { duration } from "../times";
import { beside } from "../wrapped";
import type { Observed } from "./observe";

/** What was seen that is worth telling, and what is decided, on lines of a terminal. */
export const told = (observed: Observed, action: Action): string[] => [
  ...sightText(observed, action),
  ...decisionText(action, observed.situation.now),
  ...unlockText(observed, action),
];

/** Whoever waits for an update that was killed waits in vain. */
const unlockText = ({ stack }: Observed, action: Action): string[] =>
  action.kind === "hold" && action.reasons.some(({ code }) => code === "lock")
    ? beside("", `if it was killed: sluice unlock -s ${stack.stack.name}`)
    : [];

function sightText({ settings, situation }: Observed, { kind }: Action): string[] {
  const { analysis, fence, recorded, now } = situation;
  const state = valueOf(recorded);
  const found = valueOf(analysis)?.judgement;
  // Where nobody asks for requests, that there are none is no news.
  const judged = found?.verdict === "could-not-observe" && settings.limits.samples === 0 ? undefined : found;
  const stands = valueOf(fence);
  const worst = judged?.findings[0]?.evidence;
  return [
    ...(state ? beside("release", releaseText(state, now)) : []),
    ...(state && kind !== "done" ? beside("plan", planText(settings.plan, state)) : []),
    ...(judged ? beside("metrics", judged.verdict + (worst === undefined ? "" : `: ${worst}`)) : []),
    ...(stands
      ? beside("fence", `${stands.version} since ${stands.at} by ${stands.by}: ${stands.reason}`)
      : []),
  ];
}

/** `blue 2.3.1 is live with 90 %, green 2.4.0 has 10 %, for 20 min`. */
function releaseText(state: Recorded, now: string): string {
  const { release, since } = state;
  const shares = COLOURS.map((colour) => {
    const [least, most] = [leastOf(state, colour), mostOf(state, colour)];
    const share = least === most ? `${least} %` : `from ${least} % to ${most} %`;
    return `${named(release, colour)} ${colour === release.live ? "is live with" : "has"} ${share}`;
  });
  return `${shares.join(", ")}, for ${duration(Math.max(0, secondsBetween(since, now)))}`;
}

/** `quick: [10] → 25 → 75 → 100 %`, with the step in brackets that the release is at. */
export function planText({ name, steps, ...plan }: Plan, state: Recorded): string {
  const at = stepAt({ name, steps }, leastOf(state, otherColour(state.release.live))).share;
  const shares = steps.map(({ share }) => (share === at ? `[${share}]` : `${share}`)).join(" → ");
  const held = plan.hold === undefined ? "" : `; held: ${plan.hold}`;
  return `${name}: ${steps.some(({ share }) => share === at) ? "" : "[0] → "}${shares} %${held}`;
}

/** The decision, and each of its reasons below it. */
function decisionText(action: Action, now: string): string[] {
  const until = action.kind === "hold" ? earliest(action) : undefined;
  const left = until === undefined ? 0 : secondsBetween(now, until);
  const [first = "", ...others] = worthTelling(action).map(({ text }) => text);
  return [
    ...beside(action.kind, first),
    ...others.flatMap((text) => beside("", text)),
    ...(left > 0 ? beside("", `not before ${until ?? ""}, in ${duration(left)}`) : []),
    ...("refused" in action
      ? action.refused.flatMap(({ id, message }) => beside("", `${id}: ${message}`))
      : []),
  ];
}

/** What nobody asks yet, for something else comes first, is left out. */
function worthTelling(action: Action): readonly Reason[] {
  if (action.kind !== "hold" || action.asks.length > 0) return action.reasons;
  const others = action.reasons.filter(({ code, awaits }) => code !== "unobserved" || awaits !== "answer");
  return others.length > 0 ? others : action.reasons;
}

/** What is decided about a flag, beside its name and percentage, and each of its reasons below it. */
export function flagTold(
  { flag, from, kind, reasons, ...action }: FlagAction,
  { settings }: Observed,
): string[] {
  const { plan } = settings.flags[flag] ?? {};
  const to = "to" in action ? ` → ${action.to} %` : "";
  const way = plan ? `, ${plan.name}: ${plan.steps.map(({ share }) => share).join(" → ")} %` : "";
  const [first = "", ...others] = reasons.map(({ text }) => text);
  return [
    ...beside("flag", `${flag} ${from} %${to}${way}`),
    ...beside(kind, first),
    ...others.flatMap((text) => beside("", text)),
  ];
}
