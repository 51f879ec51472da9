import type { Judgement } from "../analysis/finding";
import { staleness } from "../analysis/observation";
import type { Fence } from "../guard";
import type { LiveRule, LiveTargets } from "../live";
import { type Colour, type Recorded, type Release, type Shares, greenAt, otherColour } from "../release";
import type { Transition } from "../rule";
import { isTrusted } from "../trust";
import type { Edit } from "./action";
import type { GateAnswer } from "./gate";
import type { Plan } from "./plan";
import type { Seen } from "./seen";

/** What configuration asks for. */
export interface Asked extends Omit<Transition, "from" | "to" | "now"> {
  readonly release: Release;
  readonly plan: Plan;
}

/** What the analysis says, and of what. */
export interface Analysed {
  readonly colour: Colour;
  readonly version: string;
  /** ISO time from which on it is judged: the step's beginning. */
  readonly since: string;
  /** ISO time of the judgement. */
  readonly at: string;
  readonly judgement: Judgement;
}

/** What health and smoke requests by the preview header found. */
export interface Validated {
  readonly colour: Colour;
  readonly version: string;
  readonly outcome: "passed" | "failed";
  /** ISO time. */
  readonly at: string;
  /** One sentence without a full stop. */
  readonly evidence: string;
}

/** Somebody's update that holds the stack. */
export interface Lock {
  /** Who, where it is known. */
  readonly by?: string;
}

/** Everything that a decision is made from. What could not be seen never counts as good. */
export interface Situation {
  readonly asked: Asked;
  /** Undefined: no update has completed yet. */
  readonly recorded: Seen<Recorded | undefined>;
  readonly rules: Seen<readonly LiveRule[]>;
  /** Those that could not be seen are absent. */
  readonly targets: LiveTargets;
  readonly fence: Seen<Fence | undefined>;
  readonly lock: Seen<Lock | undefined>;
  /** Of the candidate, or for as long as the predecessor is warm of the live colour. */
  readonly analysis: Seen<Analysed>;
  readonly validation: Seen<Validated>;
  /** By the gate's name, of the present step. */
  readonly gates: Readonly<Record<string, Seen<GateAnswer>>>;
  /** How far this clock is from AWS's, in seconds. */
  readonly skewSeconds: Seen<number>;
  /** The candidate's share that somebody asks for by command, in percent. Absent: the plan's way to its promote. */
  readonly wish?: number;
  /** ISO time. */
  readonly now: string;
}

/** The analysis, where it is of now, and about the version that its colour runs; else why it is not. */
export function currentAnalysis(
  { analysis, now }: Pick<Situation, "analysis" | "now">,
  versions: Partial<Readonly<Record<Colour, string>>>,
): Analysed | string {
  if ("unseen" in analysis) return analysis.unseen;
  const { value } = analysis;
  if (value.version !== versions[value.colour]) return `they are about ${value.colour} ${value.version}`;
  return staleness(value.at, now) ?? value;
}

/** A situation in which the state is known. */
export interface Scene extends Situation {
  readonly state: Recorded;
  /** The colour that is not live. */
  readonly colour: Colour;
}

export const sceneOf = (situation: Situation, state: Recorded): Scene => ({
  ...situation,
  state,
  colour: otherColour(state.release.live),
});

/** What configuration asks for after an edit, as the rules judge it. */
export function transitionTo(
  { asked, state, now }: Scene,
  edit: Edit,
): Transition & { readonly from: Recorded } {
  const { release, plan: _, ...circumstances } = asked;
  return { ...circumstances, from: state, to: { ...release, ...edit }, now };
}

/** Whether traffic may go to a colour at once, as it runs now. */
export const trusts = ({ state, asked, now }: Scene, colour: Colour): boolean =>
  isTrusted({ from: state, to: state.release, limits: asked.limits, now }, colour);

/** Shares by which a colour has so many percent. */
export const sharesFor = (colour: Colour, share: number): Shares =>
  greenAt(colour === "green" ? share : 100 - share);
