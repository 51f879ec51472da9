import { SKEW_SECONDS, staleness } from "../analysis/observation";
import { stricter } from "../limits";
import { versionsOf } from "../known";
import { isQuotaUnseen } from "../providers/quota";
import { leastOf } from "../shares";
import type { Ask, Obstacle } from "./action";
import { type Gate, type GateAnswer, type GateTerms, judgeGate } from "./gate";
import { stepAt } from "./plan";
import type { Seen } from "./seen";
import { currentAnalysis, type Scene } from "./situation";

/** What evidence stands against a rise, and what has to be asked for it. */
export interface Evidence {
  readonly against: readonly Obstacle[];
  /** What nobody has asked yet. */
  readonly asks: readonly Ask[];
}

/** Everything that must have been seen to be good before the candidate's share rises from where it is. */
export function evidenceAgainst(scene: Scene): Evidence {
  const { state, colour, wish, asked, now } = scene;
  const share = leastOf(state, colour);
  const step = stepAt(asked.plan, share);
  const validation = validated(scene);
  // Whoever asks for a share by command takes the plan's times and gates upon himself, and nothing else.
  const terms = { since: state.since, now };
  const gated = gatesAgainst(wish === undefined ? step.gates : [], scene.gates, terms);
  return {
    against: [
      ...analysed(scene, share),
      ...(wish === undefined ? baking(terms, step.bakeSeconds) : []),
      ...(validation ? [validation] : []),
      ...gated.against,
    ],
    asks: [
      ...(validation?.awaits === "answer" && validation.code === "unobserved" ? ["validation" as const] : []),
      ...gated.asks,
    ],
  };
}

/** What gates stand against leaving a step, and which of them nobody has asked yet. */
export function gatesAgainst(
  gates: readonly Gate[],
  answers: Readonly<Record<string, Seen<GateAnswer>>>,
  terms: GateTerms,
): { readonly against: readonly Obstacle[]; readonly asks: readonly Gate[] } {
  const found = gates.map((gate) => ({ gate, ...judgeGate(gate, answers[gate.name], terms) }));
  return {
    against: found
      .filter(({ verdict }) => verdict !== "open")
      .map(({ evidence, verdict, gate }): Obstacle => {
        const isOver = verdict === "shut" && gate.kind === "manual";
        return { code: "gate", text: evidence, awaits: isOver ? "person" : "answer" };
      }),
    asks: found.filter(({ verdict }) => verdict === "unknown").map(({ gate }) => gate),
  };
}

function analysed(scene: Scene, share: number): Obstacle[] {
  const { state, asked, colour } = scene;
  const found = currentAnalysis(scene, versionsOf(state.release));
  const areAsked = stricter(state.limits, asked.limits).samples > 0;
  const isAsked = share > 0 && areAsked;
  const unseen = (why: string): Obstacle[] =>
    isAsked ? [{ code: "unobserved", text: `metrics could not be observed: ${why}`, awaits: "look" }] : [];
  if (typeof found === "string") return unseen(found);
  if (found.colour !== colour) return unseen(`they are about ${found.colour}`);
  const { verdict, findings } = found.judgement;
  const worst = findings[0]?.evidence ?? "nothing was found";
  if (verdict === "failure") return [{ code: "failing", text: worst, awaits: "metrics" }];
  if (!isAsked) {
    // Nobody has met the candidate yet, but its providers have limits.
    const blind = areAsked ? findings.filter(isQuotaUnseen) : [];
    return blind.map(({ evidence }) => ({ code: "unobserved", text: evidence, awaits: "look" }));
  }
  if (verdict === "could-not-observe") return unseen(worst);
  if (verdict === "inconclusive") return [{ code: "inconclusive", text: worst, awaits: "metrics" }];
  // What passed before the step began says nothing of it.
  return Date.parse(found.since) >= Date.parse(state.since)
    ? []
    : unseen(`they are judged from ${found.since} on`);
}

function validated({ validation, state, colour, now }: Scene): Obstacle | undefined {
  const unseen = (why: string): Obstacle => ({
    code: "unobserved",
    text: `validation by the preview header: ${why}`,
    awaits: "answer",
  });
  if ("unseen" in validation) return unseen(validation.unseen);
  const { value } = validation;
  if (value.colour !== colour || value.version !== state.release[colour].version) {
    return unseen(`it was of ${value.colour} ${value.version}`);
  }
  const old = staleness(value.at, now);
  if (old !== undefined || !(Date.parse(value.at) >= Date.parse(state.since)))
    return unseen(old ?? "it is of before the step");
  return value.outcome === "passed"
    ? undefined
    : { code: "validation", text: value.evidence, awaits: "answer" };
}

/** That a step has not lasted long enough. */
export function baking({ since, now }: GateTerms, seconds: number): Obstacle[] {
  const until = Date.parse(since) + seconds * 1000;
  if (Date.parse(now) >= until) return [];
  const at = new Date(until).toISOString();
  return [
    {
      code: "bake",
      text: `it bakes until ${at}, ${seconds} s since ${since}`,
      awaits: "time",
      until: at,
    },
  ];
}

/** What is wrong with the clock; no time that it tells is believed then. */
export function clockObstacles({
  skewSeconds,
  state,
  now,
}: Pick<Scene, "skewSeconds" | "state" | "now">): Obstacle[] {
  const wrong = (text: string): Obstacle[] => [{ code: "clock", text, awaits: "person" }];
  if ("unseen" in skewSeconds) {
    return [
      { code: "unobserved", text: `the clock could not be compared: ${skewSeconds.unseen}`, awaits: "look" },
    ];
  }
  const { value } = skewSeconds;
  if (!(Math.abs(value) <= SKEW_SECONDS)) {
    return wrong(`this clock is ${value} s from AWS's; ${SKEW_SECONDS} s are allowed: set it right`);
  }
  const ahead = (Date.parse(state.since) - Date.parse(now)) / 1000;
  if (ahead <= SKEW_SECONDS) return [];
  return wrong(`the state was last changed at ${state.since}, which is ${Math.round(ahead)} s in the future`);
}
