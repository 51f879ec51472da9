import { type Flag, type FlagValue, exposureOf } from "../../model/flags/flag";
import { flagParameter } from "../../model/flags/parameter";
import { nextStop } from "../../model/flags/steps";
import { flagChanges } from "../../model/flags/value";
import { secondsBetween } from "../../model/trust";
import { duration } from "../times";
import { valueOf } from "../../model/rollout/seen";
import type { Subject } from "../subject";
import { wrapped } from "../wrapped";
import type { LiveFlag, LiveFlags } from "./live";

/** A flag, as configuration and SSM have it. */
export interface FlagView {
  readonly name: string;
  readonly parameter: string;
  /** Absent: not declared, or there is no project to look at. */
  readonly configured?: Flag;
  /** Absent: SSM has no such parameter, or it could not be seen. */
  readonly live?: LiveFlag;
  readonly isUnseen: boolean;
  /** What differs between them, a line each; empty where both say the same. */
  readonly differences: readonly string[];
}

const NO_PARAMETER =
  "it has no parameter: the next pulumi up makes that of a new flag, and one that was deleted is turned off by " +
  "sluice flags disable, for applications keep what they read last";

/** @param configured absent where there is no project to look at */
export function viewsOf(
  { app, environment }: Subject,
  live: LiveFlags,
  configured?: Readonly<Record<string, Flag>>,
): FlagView[] {
  const names = [...new Set([...Object.keys(configured ?? {}), ...Object.keys(live)])].sort();
  return names.map((name) => {
    const [asked, found = { value: undefined }] = [configured?.[name], live[name]];
    const has = valueOf(found);
    const isUnseen = "unseen" in found;
    return {
      ...{ name, parameter: flagParameter(app, environment, name), isUnseen },
      ...(asked && { configured: asked }),
      ...(has && { live: has }),
      differences: [
        ...(isUnseen ? [`it could not be observed: ${found.unseen}`] : []),
        ...(has?.fault === undefined ? [] : [has.fault]),
        ...(configured && !asked ? ["it is not declared in configuration"] : []),
        ...(asked && !has && !isUnseen ? [NO_PARAMETER] : []),
        ...(asked && has?.means
          ? flagChanges(asked, has.means).map((change) => `SSM differs from configuration: ${change}`)
          : []),
      ],
    };
  });
}

/** One line for each flag, and one for each thing that is not as it should be. */
export function listLines(views: readonly FlagView[]): string[] {
  const width = Math.max(...views.map(({ name }) => name.length));
  return views.flatMap(({ name, live, configured, differences }) => {
    const value = live?.means ?? configured;
    const state = value ? stateText(value) : "unknown";
    return [
      `${name.padEnd(width)}  ${state.padEnd(16)}  ${configured ? nextText(configured, value) : ""}`.trimEnd(),
      ...differences.flatMap((what) => wrapped(what, 76).map((line) => `  ! ${line}`)),
    ];
  });
}

/** All that is known of one. @param now ISO time */
export function detailLines(
  { name, parameter, live, configured, differences }: FlagView,
  now: string,
): string[] {
  const value = live?.means ?? configured;
  const written = [
    ...(live?.version === undefined ? [] : [`version ${live.version}`]),
    ...(live?.at === undefined ? [] : [`${duration(Math.max(0, secondsBetween(live.at, now)))} ago`]),
  ];
  const settings = Object.entries(value?.settings ?? {}).map(([key, number]) => `${key} ${number}`);
  return [
    fact("flag", name),
    fact("parameter", parameter),
    ...(value ? [fact("state", stateText(value))] : []),
    ...(written.length > 0 ? [fact("written", written.join(", "))] : []),
    ...(settings.length > 0 ? [fact("settings", settings.join(", "))] : []),
    ...(configured ? [fact("plan", planText(configured, value))] : []),
    ...differences.flatMap((what) => wrapped(what, 76).map((line) => `  ! ${line}`)),
  ];
}

const fact = (what: string, value: string): string =>
  wrapped(value, 68)
    .map((line, index) => (index === 0 ? what : "").padEnd(11) + line)
    .join("\n");

/** `on, 10 %`; a disabled flag keeps its percentage for when it is enabled again. */
const stateText = ({ enabled, percentage }: FlagValue): string =>
  enabled ? `on, ${percentage} %` : `off (${percentage} %)`;

const nextText = ({ plan }: Flag, value: FlagValue | undefined): string => {
  const had = value ? exposureOf(value) : 0;
  if (had === 100) return "all sessions";
  return plan.hold === undefined ? `next stop ${nextStop({ plan }, had)} %` : `held: ${plan.hold}`;
};

const planText = (flag: Flag, value: FlagValue | undefined): string =>
  `${flag.plan.name}: ${flag.plan.steps.map(({ share }) => share).join(", ")} %; ${nextText(flag, value)}`;
