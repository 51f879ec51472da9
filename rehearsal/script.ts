import { type Colour, type Release, allTo, otherColour } from "../model/release";
import type { Settings } from "../model/settings";
import {
  type ConfigurationEdit,
  type ReleaseEdit,
  editConfiguration,
  editRelease,
} from "../rollout/configuration";
import type { Call } from "./call";
import type { Emergency } from "./emergency";
import type { Fallback } from "./fallbacks";
import type { PlannedFault } from "./faults/strike";
import type { StepKind } from "./report/record";
import type { FlagQuestion } from "./sessions";

/** What refuses an edit: a rule, or the settings, which have no ids because they are about values alone. */
export type Refuser = `${"T" | "S"}${number}` | "settings";

/** One edit of the stack file or one call of the command line, and what must come of it. */
export interface ScriptStep {
  /** For people, and for the report. */
  readonly name: string;
  readonly kind: StepKind;
  /** Whether users must notice nothing. */
  readonly planned: boolean;
  /** Of the release. */
  readonly edit: ReleaseEdit;
  /** Of anything else in the same edit. */
  readonly configuration?: ConfigurationEdit;
  /** Whether nothing answers before it. */
  readonly first?: boolean;
  /**
   * All that refuse the edit in the preview, the one that it is about first. It is taken back then, and the
   * script goes on. Absent: the edit is permitted.
   */
  readonly refusedBy?: readonly [Refuser, ...Refuser[]];
  /** What the command line takes back while the update is under way. Absent: the update is left alone. */
  readonly emergency?: Emergency;
  /** Secrets that somebody puts there before it. Default: none. */
  readonly puts?: readonly { readonly name: string; readonly value: string }[];
  /** The provider of models that its users' requests have to be brought to, and from which. */
  readonly fallsBack?: Pick<Fallback, "from" | "to">;
  /** What somebody lets CloudWatch's alarms say from before it on, by name. Default: what they say. */
  readonly alarms?: Readonly<Record<string, "OK" | "ALARM">>;
  /** The flag that sessions ask for after it. Absent: none does. */
  readonly asks?: FlagQuestion;
  /** Requests of all steps until then, below which it does not end. Default: 0. */
  readonly leastRequests?: number;
  /** Seconds of the release's time that pass before it: what drains must not be touched. Default: 0. */
  readonly waits?: number;
  /** How the command line is called after the edit, in place of an update. Absent: an update follows. */
  readonly calls?: readonly Call[];
  /** What is broken while it is called. Default: nothing. */
  readonly faults?: readonly PlannedFault[];
}

/** Whether no weight moves by a step, so that few new sessions show that none has. */
export const isUnmoved = ({ kind, refusedBy }: ScriptStep): boolean =>
  refusedBy !== undefined || kind === "hold";

/** A rehearsal's script: what is edited and what must come of it, in terms that fit every stack file. */
export interface Scenario {
  /** One line, for a list of scenarios. */
  readonly summary: string;
  /** What somebody who watches it should know first, such as what it leaves out and why. */
  readonly about?: string;
  /** How much faster than the machine's own time a release's passes, where nobody asks for another. Default: 1. */
  readonly speed?: number;
  /** Whether what it shows is seen by a real Prometheus alone, as costs are. Default: one watches where asked for. */
  readonly prometheus?: boolean;
  readonly steps: (cast: Cast) => readonly ScriptStep[];
}

/** The colours and versions that a script is about. */
export interface Cast {
  readonly live: Colour;
  readonly candidate: Colour;
  /** What the live colour runs. */
  readonly version: string;
  /** What is released. */
  readonly next: string;
  /** The stack's settings before the first edit. */
  readonly settings: Settings;
  /** ISO time an hour after the rehearsal's beginning. */
  readonly inAnHour: string;
}

/** The minor version after this one, as a team's next release would have it. */
export function nextVersion(version: string): string {
  const [major = "0", minor = "0"] = version.split(".");
  return `${major}.${Number(minor) + 1}.0`;
}

/**
 * A scenario's steps for a stack.
 *
 * @param now ISO time
 * @throws RangeError where the live colour has no version, which settings refuse
 */
export function scriptFor(scenario: Scenario, settings: Settings, now: string): readonly ScriptStep[] {
  const { live, ...release } = settings.release;
  const { version } = release[live];
  if (version === undefined) throw new RangeError(`the live colour, ${live}, has no version to begin with`);
  const inAnHour = new Date(Date.parse(now) + 3_600_000).toISOString();
  const candidate = otherColour(live);
  return scenario.steps({ live, candidate, version, next: nextVersion(version), settings, inAnHour });
}

/** The stack file after a step's edit. */
export const edited = (text: string, { edit, configuration = {} }: ScriptStep): string =>
  editConfiguration(editRelease(text, edit), configuration);

/** All traffic on the live colour and nothing in the other, whatever the stack file has by now. */
export const begin = (
  { live, candidate, version }: Cast,
  edit: Pick<Release, "strategy"> | Record<string, never> = {},
  configuration: ConfigurationEdit = {},
): ScriptStep => ({
  name: `deploy ${version} in ${live}`,
  kind: "deploy",
  planned: true,
  edit: { ...edit, traffic: allTo(live), [candidate]: {} },
  configuration,
  first: true,
});

/** An edit that nobody may make. */
export const unsafe = (
  name: string,
  refusedBy: NonNullable<ScriptStep["refusedBy"]>,
  edit: ReleaseEdit,
  configuration: ConfigurationEdit = {},
): ScriptStep => ({ name, kind: "refused", planned: true, edit, configuration, refusedBy });

/** Calls of the command line in place of an edit and an update. */
export const calling = (
  kind: ScriptStep["kind"],
  name: string,
  calls: Call | readonly Call[],
  faults: readonly PlannedFault[] = [],
): ScriptStep => ({ name, kind, planned: kind !== "fault", edit: {}, calls: [calls].flat(), faults });
