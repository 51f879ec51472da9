import type { FlagStatus } from "../../model/flags/outlook";
import type { Status } from "../../model/status";
import type { Step } from "../../model/statusProgress";
import { secondsBetween } from "../../model/trust";
import { providerText } from "../providers/text";
import { duration, minute } from "../times";
import { beside } from "../wrapped";

/** What is no matter of one colour. */
export function factsText(status: Status, now: string): string[] {
  const { baked, retention, step, judged, windowSeconds } = status;
  const way = retention
    ? `${retention.phase}; warm until ${minute(retention.warmUntil)}, cold until ${minute(retention.coldUntil)}`
    : "nothing is retained";
  const facts: readonly (readonly [name: string, value: string | undefined])[] = [
    ["plan", step && `${step.plan}: ${stepsText(step.shares, step.share)}`],
    step
      ? ["step", stepText(step)]
      : ["baked", baked ? `${duration(baked.seconds)} of ${duration(baked.needed)}` : "unknown"],
    ["next", nextText(status)],
    ...waitsText(status),
    ["metrics", judged && [judged.verdict, judged.evidence].filter(Boolean).join(": ")],
    ...(status.providers ? providerText(status.providers) : []),
    ...(status.flags ?? []).flatMap(flagText),
    ["figures", windowSeconds === undefined ? undefined : `of the last ${duration(windowSeconds)}`],
    ["fence", fenceText(status)],
    ["lock", lockText(status)],
    ["since", status.since === undefined ? "unknown" : `${minute(status.since)}, ${ago(status.since, now)}`],
    ["way back", status.since === undefined ? "unknown" : way],
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : beside(name, value)));
}

/** `10 %, for 2 h of 24 h`. */
const stepText = ({ share, seconds, needed }: Step): string =>
  `${share} %, for ${duration(seconds)}${needed > 0 ? ` of ${duration(needed)}` : "; it need not bake"}`;

/** `[10] → 25 → 75 → 100 %`, with the share in brackets that the release is at. */
function stepsText(shares: readonly number[], share: number): string {
  const at = shares.findLast((one) => one <= share);
  const shown = shares.map((one) => (one === at ? `[${one}]` : `${one}`));
  return `${(at === undefined ? ["[0]", ...shown] : shown).join(" → ")} %`;
}

/** What stands against the next step, a line each; what is due instead where nothing does. */
function waitsText({ decision }: Status): [name: string, value: string][] {
  if (!decision || decision.kind === "done") return [];
  const { kind, reasons } = decision;
  const name = kind === "hold" ? "waits for" : "due";
  const texts = reasons.map(({ text }) => text);
  return texts.map((text, index) => [
    index === 0 ? name : "",
    kind === "hold" || index > 0 ? text : `${kind}: ${text}`,
  ]);
}

/** Where a flag is on its plan, and what it waits for. */
function flagText({
  name,
  configured,
  recorded,
  live,
  ...flag
}: FlagStatus): [name: string, value: string][] {
  const { plan, shares, decision } = flag;
  const others = [
    ...(configured === recorded ? [] : [`${configured} % configured`]),
    ...(live === undefined || live === recorded ? [] : [`${live} % in SSM`]),
  ];
  const has = [`${recorded} % of the sessions`, ...others].join(", ");
  const [first = "", ...more] = decision.reasons.map(({ text }) => text);
  return [
    ["flag", `${name}: ${has}; ${plan}: ${stepsText(shares, recorded)}`],
    ["", decision.kind === "done" ? first : `${decision.kind}: ${first}`],
    ...more.map((text): [string, string] => ["", text]),
  ];
}

function lockText({ lock, decision }: Status): string | undefined {
  if (lock) return `an update by ${lock.by ?? "somebody"} holds the stack`;
  if (lock === null) return "none";
  return decision && "unknown";
}

function fenceText({ fence }: Status): string {
  if (fence === undefined) return "unknown";
  if (fence === null) return "none";
  return `${fence.version} since ${minute(fence.at)} by ${fence.by}: ${fence.reason}`;
}

function nextText({ next }: Status): string {
  if (!next) return "unknown";
  const { what, inSeconds } = next;
  if (inSeconds === undefined) return what;
  return inSeconds === 0 ? `${what}; it may be now` : `${what}; it may be in ${duration(inSeconds)}`;
}

const ago = (iso: string, now: string): string => `${duration(Math.max(0, secondsBetween(iso, now)))} ago`;
