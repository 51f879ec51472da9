import { type Limits, stepsOf } from "../model/limits";
import { type Colour, type Release, type Strategy, allTo, greenAt, otherColour } from "../model/release";
import type { ReleaseEdit } from "../rollout/configuration";
import type { StepKind } from "./report/record";

/** One edit of the stack file, and what must come of it. */
export interface ScriptStep {
  /** For people, and for the report. */
  readonly name: string;
  readonly kind: StepKind;
  /** Whether users must notice nothing. */
  readonly planned: boolean;
  readonly edit: ReleaseEdit;
  /** Whether nothing answers before it. */
  readonly first?: boolean;
  /** The rule that refuses the edit; a refused edit is taken back, and the script goes on. */
  readonly refusedBy?: string;
}

const sharesOf = (colour: Colour, share: number) => greenAt(colour === "green" ? share : 100 - share);

/** The minor version after this one, as a team's next release would have it. */
export function nextVersion(version: string): string {
  const [major = "0", minor = "0"] = version.split(".");
  return `${major}.${Number(minor) + 1}.0`;
}

/** The colours and versions that a script is about. */
interface Cast {
  readonly live: Colour;
  readonly candidate: Colour;
  readonly version: string;
  readonly next: string;
  readonly limits: Limits;
}

type Act = (cast: Cast) => ScriptStep[];

/**
 * A release of the stack's next version, and what can go wrong about its edits, by the stack's strategy. It
 * begins with all traffic on the live colour and nothing in the other, whatever the stack file has by now.
 *
 * @throws RangeError where the live colour has no version, which settings refuse
 */
export function releaseScript({ live, strategy, ...release }: Release, limits: Limits): ScriptStep[] {
  const { version } = release[live];
  if (version === undefined) throw new RangeError(`the live colour, ${live}, has no version to begin with`);
  const candidate = otherColour(live);
  const cast = { live, candidate, version, next: nextVersion(version), limits };
  const begin = { traffic: allTo(live), [candidate]: {} };
  return [
    { name: `deploy ${version} in ${live}`, kind: "deploy", planned: true, edit: begin, first: true },
    ...SCRIPTS[strategy](cast),
  ];
}

const deployCandidate: Act = ({ candidate, next }) => [
  {
    name: `deploy ${next} in ${candidate}`,
    kind: "deploy",
    planned: true,
    edit: { [candidate]: { version: next } },
  },
];

const refused = (name: string, edit: ReleaseEdit, refusedBy: string): ScriptStep => ({
  name,
  kind: "refused",
  planned: true,
  edit,
  refusedBy,
});

const changeUnderTraffic: Act = ({ candidate, next }) => [
  refused("another version under full traffic", { [candidate]: { version: nextVersion(next) } }, "T4"),
];

const back = ({ version }: Cast, edit: ReleaseEdit): ScriptStep => ({
  name: `back to ${version}`,
  kind: "rollback",
  planned: true,
  edit,
});

const canary: Act = (cast) => {
  const { live, candidate, next, limits } = cast;
  const jump = refused(`all traffic to ${next} at once`, { traffic: allTo(candidate) }, "T1");
  const shifts = stepsOf("canary", limits).map((share): ScriptStep => {
    const edit = { traffic: sharesOf(candidate, share) };
    return { name: `${share} % to ${next}`, kind: "shift", planned: true, edit };
  });
  const promoted = limits.bakeSeconds === 0;
  const promote: ScriptStep = promoted
    ? { name: `promote ${next}`, kind: "promote", planned: true, edit: { live: candidate } }
    : refused(`promote ${next} before it has baked`, { live: candidate }, "T5");
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
  const { live, candidate, next, limits } = cast;
  const edit = { live: candidate, traffic: allTo(candidate) };
  if (limits.bakeSeconds > 0) {
    return [...deployCandidate(cast), refused(`flip to ${next} before it has stood`, edit, "T5")];
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
