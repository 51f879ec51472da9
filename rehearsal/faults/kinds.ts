import { type ControlCall, callControl } from "../cloud/control";
import { endpointOf } from "../scene";
import type { Asked, FaultKind, FaultName } from "./fault";
import { killTick } from "./killedTick";
import { losePods } from "./lostPods";
import { holdLock } from "./secondOperator";
import { editRule } from "./editedRule";

/** What the local cloud is told, and what ends it: calls that a person could make with curl. */
interface Told {
  readonly strike: ControlCall;
  readonly mend: ControlCall;
}

const byCloud =
  (calls: (asked: Asked) => Told): FaultKind["strike"] =>
  async (scene, asked) => {
    const { strike, mend } = calls(asked);
    await callControl(endpointOf(scene), strike);
    return async () => {
      await callControl(endpointOf(scene), mend);
    };
  };

/** All pods behave well again. */
const BEHAVE: ControlCall = { method: "DELETE", path: "behaviour" };

/** All calls succeed again. */
const ANSWER: ControlCall = { method: "DELETE", path: "faults" };

const behaving = (behaviour: (asked: Asked) => object, selector?: Record<string, string>) =>
  byCloud((asked) => ({
    strike: {
      ...{ method: "POST", path: "behaviour" },
      body: { selector: selector ?? { colour: asked.colour }, behaviour: behaviour(asked) },
    },
    mend: BEHAVE,
  }));

const failing = (type: string, code: string, message: string) =>
  byCloud(() => ({
    strike: {
      ...{ method: "POST", path: "faults" },
      body: { action: "api", type, name: "", error: { code, message } },
    },
    mend: ANSWER,
  }));

const PERCENT = { unit: "%", least: 0, most: 100 } as const;

/** Every kind of fault, in the order of lists: first what users meet, then what whoever releases meets. */
export const KINDS: Readonly<Record<FaultName, FaultKind>> = {
  "error-rate": {
    does: "a colour answers so much with 500",
    amount: { ...PERCENT, byDefault: 25 },
    ...{ isColours: true, isMeasured: true },
    told: ({ amount, colour }) => `${colour} answers ${amount} % with 500`,
    strike: behaving(({ amount }) => ({ errorRate: amount })),
  },
  latency: {
    does: "a colour takes so long for each answer",
    amount: { unit: "ms", least: 0, most: 60_000, byDefault: 6_000 },
    ...{ isColours: true, isMeasured: true },
    told: ({ amount, colour }) => `${colour} takes ${amount} ms for each answer`,
    strike: behaving(({ amount }) => ({ latencyMs: amount })),
  },
  crash: {
    does: "pods exit whenever they start",
    isColours: true,
    told: ({ colour }) => `${colour}'s pods crash whenever they start`,
    strike: behaving(() => ({ crash: true })),
  },
  "unhealthy-target": {
    does: "health checks fail, users are answered",
    isColours: true,
    told: ({ colour }) => `${colour}'s health checks fail`,
    strike: behaving(() => ({ unhealthy: true })),
  },
  "lost-pod": {
    does: "so many pods are gone at once",
    amount: { unit: "pods", least: 1, most: 100, byDefault: 1 },
    isColours: true,
    told: ({ amount, colour }) => `${colour} loses ${amount} ${amount === 1 ? "pod" : "pods"} at once`,
    strike: losePods,
  },
  "provider-outage": {
    does: "a provider of models fails so often",
    amount: { ...PERCENT, byDefault: 100 },
    told: ({ amount, colour, provider = "every provider" }) =>
      `${provider} fails ${amount} % of what ${colour} asks it`,
    strike: behaving(({ amount, provider: name }) => ({
      provider: { ...(name !== undefined && { name }), errorRate: amount },
    })),
  },
  "failed-migration": {
    does: "every migration's Job fails",
    told: () => "migrations fail",
    strike: behaving(() => ({ exitCode: 1 }), { "app.kubernetes.io/component": "migration" }),
  },
  "no-traffic": {
    does: "users stay away",
    told: () => "users stay away",
    strike: byCloud(() => ({
      strike: { method: "POST", path: "users", body: { away: true } },
      mend: { method: "POST", path: "users", body: { away: false } },
    })),
  },
  "metrics-outage": {
    does: "CloudWatch does not answer",
    told: () => "CloudWatch does not answer",
    strike: failing("monitoring:GetMetricData", "InternalServiceError", "The service is not available"),
  },
  "lost-credentials": {
    does: "AWS takes nobody's credentials",
    told: () => "AWS calls the credentials expired",
    strike: failing("*", "ExpiredToken", "The security token included in the request is expired"),
  },
  "edited-rule": {
    does: "somebody gives a colour so much at one rule",
    amount: { ...PERCENT, byDefault: 60 },
    told: ({ amount, colour }) => `somebody gives ${colour} ${amount} % at one rule, by hand`,
    strike: editRule,
  },
  "second-operator": {
    does: "somebody else's update holds the stack",
    told: () => "somebody else's update holds the stack",
    strike: holdLock,
  },
  "killed-process": {
    does: "a tick is killed after so many effects",
    amount: { unit: "effects", least: 1, most: 9, byDefault: 1 },
    told: ({ amount }) => `a tick is killed outright right after effect ${amount}`,
    strike: killTick,
  },
};

/** Everything that {@link KINDS} tells the local cloud is ended by these, whoever began it. */
export const MEND_ALL: readonly ControlCall[] = [
  BEHAVE,
  ANSWER,
  { method: "POST", path: "users", body: { away: false } },
];
