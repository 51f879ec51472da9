import { staleness } from "../analysis/observation";
import { isApprover } from "../approval";
import type { Seen } from "./seen";

/** What must be so before a release leaves a step, beside the analysis, which is asked at each of them. */
export type Gate = MetricGate | CommandGate | ManualGate;

interface Named {
  /** Unique within its step. */
  readonly name: string;
}

/** A figure of Prometheus that must lie within limits. At least one of the four is set. */
export interface MetricGate extends Named {
  readonly kind: "metric";
  /** In PromQL; its answer is one number. */
  readonly query: string;
  readonly atLeast?: number;
  readonly atMost?: number;
  /** Likewise, as so many times what the query gave when the step began: what the step before it showed. */
  readonly atLeastEarlier?: number;
  readonly atMostEarlier?: number;
}

/** A command of the application's that must end with 0. */
export interface CommandGate extends Named {
  readonly kind: "command";
  /** The program and its arguments; no shell reads them. */
  readonly command: readonly string[];
  /** After so many seconds it is ended, and the gate is shut. */
  readonly timeoutSeconds: number;
}

/** Somebody's word. */
export interface ManualGate extends Named {
  readonly kind: "manual";
  /** ARN of who must give it: as STS names the caller, or of a role that the caller has. */
  readonly approver: string;
  /** ISO time from which the word counts no more, and none is waited for. */
  readonly expires: string;
}

/** What a gate was found to be. */
export type GateAnswer =
  | {
      readonly kind: "metric";
      readonly value: number;
      readonly at: string;
      /** What the query gave when the step began. Absent: nobody asked. */
      readonly earlier?: number;
    }
  | {
      readonly kind: "command";
      readonly exit: number | "timeout";
      readonly at: string;
      /** The last line that it printed. Absent: none. */
      readonly said?: string;
    }
  | { readonly kind: "manual"; readonly by: string; readonly at: string };

/** Whether a gate is open, in one sentence without a full stop. */
export interface GateFinding {
  /** `unknown`: nobody has asked it in this step, or could see; it is shut as well. */
  readonly verdict: "open" | "shut" | "unknown";
  readonly evidence: string;
}

/** When a gate is judged, as ISO times. */
export interface GateTerms {
  /** When the step began: what was found before it says nothing of it. */
  readonly since: string;
  readonly now: string;
}

/** What a gate says; what could not be seen, is old, or answers another kind of question never opens it. */
export function judgeGate(gate: Gate, seen: Seen<GateAnswer> | undefined, terms: GateTerms): GateFinding {
  const { since, now } = terms;
  const unknown = (why: string): GateFinding => ({
    verdict: "unknown",
    evidence: `gate ${gate.name}: ${why}`,
  });
  if (gate.kind === "manual" && Date.parse(gate.expires) <= Date.parse(now)) {
    return { verdict: "shut", evidence: `gate ${gate.name}: no word of ${gate.approver} by ${gate.expires}` };
  }
  if (!seen) return unknown("not asked yet");
  if ("unseen" in seen) return unknown(seen.unseen);
  const answer = seen.value;
  if (answer.kind !== gate.kind) return unknown(`found the answer of a ${answer.kind} gate`);
  if (!(Date.parse(answer.at) >= Date.parse(since)))
    return unknown(`its answer of ${answer.at} is of an earlier step`);
  // A word stands; figures and commands are about the moment.
  const old = answer.kind === "manual" ? future(answer.at, now) : staleness(answer.at, now);
  return old === undefined ? found(gate, answer) : unknown(old);
}

const future = (at: string, now: string): string | undefined =>
  Date.parse(at) <= Date.parse(now) ? undefined : `its answer is of ${at}, which is in the future`;

function found(gate: Gate, answer: GateAnswer): GateFinding {
  const said = (open: boolean, evidence: string): GateFinding => ({
    verdict: open ? "open" : "shut",
    evidence: `gate ${gate.name}: ${evidence}`,
  });
  if (gate.kind === "metric" && answer.kind === "metric") {
    const { value, earlier = Number.NaN } = answer;
    if (Number.isNaN(value) || (isComparison(gate) && Number.isNaN(earlier)))
      return { verdict: "unknown", evidence: `gate ${gate.name}: the figure is no number` };
    const { least, most } = limitsOf(gate, earlier);
    const before = isComparison(gate) ? `, ${earlier} when the step began` : "";
    return said(value >= least && value <= most, `found ${value}${before}; allowed is ${rangeOf(gate)}`);
  }
  if (gate.kind === "command" && answer.kind === "command") {
    const how =
      answer.exit === "timeout"
        ? `had not ended after ${gate.timeoutSeconds} s`
        : `ended with ${answer.exit}`;
    const last = answer.said === undefined ? "" : `: ${answer.said}`;
    return said(answer.exit === 0, `${gate.command.join(" ")} ${how}${last}`);
  }
  const by = answer.kind === "manual" ? answer.by : "nobody";
  const approver = gate.kind === "manual" ? gate.approver : "";
  const isHis = isApprover(by, approver);
  return said(isHis, isHis ? `${by} approved` : `${by} approved; ${approver} must`);
}

/** Whether a gate has to know what its query gave when the step began. */
export const isComparison = ({ atLeastEarlier, atMostEarlier }: MetricGate): boolean =>
  atLeastEarlier !== undefined || atMostEarlier !== undefined;

const limitsOf = (
  { atLeast = -Infinity, atMost = Infinity, atLeastEarlier, atMostEarlier }: MetricGate,
  earlier: number,
) => ({
  least: Math.max(atLeast, atLeastEarlier === undefined ? -Infinity : atLeastEarlier * earlier),
  most: Math.min(atMost, atMostEarlier === undefined ? Infinity : atMostEarlier * earlier),
});

const rangeOf = ({ atLeast, atMost, atLeastEarlier, atMostEarlier }: MetricGate): string =>
  [
    ...(atLeast === undefined ? [] : [`${atLeast} or more`]),
    ...(atMost === undefined ? [] : [`${atMost} or less`]),
    ...(atLeastEarlier === undefined ? [] : [`${atLeastEarlier} times that or more`]),
    ...(atMostEarlier === undefined ? [] : [`${atMostEarlier} times that or less`]),
  ].join(" and ");
