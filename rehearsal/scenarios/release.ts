import { stepsOf } from "../../model/limits";
import { type Strategy, allTo, greenAt } from "../../model/release";
import type { ReleaseEdit } from "../../rollout/configuration";
import { type Cast, type Scenario, type ScriptStep, begin, nextVersion, unsafe } from "../script";

type Act = (cast: Cast) => ScriptStep[];

const deployCandidate: Act = ({ candidate, next }) => [
  {
    name: `deploy ${next} in ${candidate}`,
    kind: "deploy",
    planned: true,
    edit: { [candidate]: { version: next } },
  },
];

const changeUnderTraffic: Act = ({ candidate, next }) => [
  unsafe("another version under full traffic", ["T4"], { [candidate]: { version: nextVersion(next) } }),
];

const back = ({ version }: Cast, edit: ReleaseEdit): ScriptStep => ({
  name: `back to ${version}`,
  kind: "rollback",
  planned: true,
  edit,
});

const canary: Act = (cast) => {
  const { live, candidate, next } = cast;
  const { limits } = cast.settings;
  const jump = unsafe(`all traffic to ${next} at once`, ["T1"], { traffic: allTo(candidate) });
  const shifts = stepsOf("canary", limits).map((share): ScriptStep => {
    const edit = { traffic: greenAt(candidate === "green" ? share : 100 - share) };
    return { name: `${share} % to ${next}`, kind: "shift", planned: true, edit };
  });
  const promoted = limits.bakeSeconds === 0;
  const promote: ScriptStep = promoted
    ? { name: `promote ${next}`, kind: "promote", planned: true, edit: { live: candidate } }
    : unsafe(`promote ${next} before it has baked`, ["T5"], { live: candidate });
  return [
    ...deployCandidate(cast),
    ...(limits.step < 100 ? [jump] : []),
    ...shifts,
    promote,
    ...changeUnderTraffic(cast),
    back(cast, { ...(promoted && { live }), traffic: allTo(live) }),
  ];
};

const blueGreen: Act = (cast) => {
  const { live, candidate, next } = cast;
  const edit = { live: candidate, traffic: allTo(candidate) };
  if (cast.settings.limits.bakeSeconds > 0) {
    return [...deployCandidate(cast), unsafe(`flip to ${next} before it has stood`, ["T5"], edit)];
  }
  return [
    ...deployCandidate(cast),
    { name: `flip to ${next}`, kind: "flip", planned: true, edit },
    ...changeUnderTraffic(cast),
    back(cast, { live, traffic: allTo(live) }),
  ];
};

/** Its retreat is another rolling update: not immediate, and nothing to wait for. */
const rolling: Act = (cast) => {
  const { live, version, next } = cast;
  const edit = { [live]: { version: next } };
  return [
    { name: `roll ${next} out in place`, kind: "deploy", planned: true, edit },
    back(cast, { [live]: { version } }),
  ];
};

const SCRIPTS: Readonly<Record<Strategy, Act>> = { canary, "blue-green": blueGreen, rolling };

/** What a team does most days, and two mistakes that it does not get to make. */
export const release: Scenario = {
  summary: "the next version by the stack's strategy, and back again",
  steps: (cast) => [begin(cast), ...SCRIPTS[cast.settings.release.strategy](cast)],
};
