import type { Limits } from "../model/limits";
import { stepsOf } from "../model/limits";
import { type Colour, type Release, allTo, greenAt, otherColour } from "../model/release";
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
  /** The rule that refuses the edit; a refused edit is taken back, and the script goes on. */
  readonly refusedBy?: string;
}

const sharesOf = (colour: Colour, share: number) => greenAt(colour === "green" ? share : 100 - share);

/** The minor version after this one, as a team's next release would have it. */
export function nextVersion(version: string): string {
  const [major = "0", minor = "0"] = version.split(".");
  return `${major}.${Number(minor) + 1}.0`;
}

/**
 * A release of the stack's next version and what can go wrong about its edits: deploy, share by share,
 * promote where the bake time allows it, and back.
 *
 * @throws RangeError where the live colour has no version, which settings refuse
 */
export function releaseScript(release: Release, limits: Limits): ScriptStep[] {
  const { live, strategy } = release;
  const candidate = otherColour(live);
  const { version } = release[live];
  if (version === undefined) throw new RangeError(`the live colour, ${live}, has no version to begin with`);
  const next = nextVersion(version);
  const canary = strategy === "canary";
  const bakes = limits.bakeSeconds > 0;
  const steps: ScriptStep[] = [
    { name: `deploy ${version} in ${live}`, kind: "deploy", planned: true, edit: {} },
    {
      name: `deploy ${next} in ${candidate}`,
      kind: "deploy",
      planned: true,
      edit: { [candidate]: { version: next } },
    },
  ];
  if (canary && limits.step < 100) {
    const edit = { traffic: allTo(candidate) };
    steps.push({
      name: `all traffic to ${next} at once`,
      kind: "refused",
      planned: true,
      edit,
      refusedBy: "T1",
    });
  }
  for (const share of stepsOf(strategy, limits)) {
    const edit = { traffic: sharesOf(candidate, share) };
    steps.push({ name: `${share} % to ${next}`, kind: "shift", planned: true, edit });
  }
  steps.push(
    bakes
      ? {
          name: `promote ${next} before it has baked`,
          kind: "refused",
          planned: true,
          edit: { live: candidate },
          refusedBy: "T5",
        }
      : { name: `promote ${next}`, kind: "promote", planned: true, edit: { live: candidate } },
    {
      name: `another version under full traffic`,
      kind: "refused",
      planned: true,
      edit: { [candidate]: { version: nextVersion(next) } },
      refusedBy: "T4",
    },
    {
      name: `back to ${version}`,
      kind: "rollback",
      planned: true,
      edit: bakes ? { traffic: allTo(live) } : { live, traffic: allTo(live) },
    },
  );
  return steps;
}
