import { plainLine } from "../../model/masked";
import { subjectOf } from "../../model/message";
import type { EventKind, RolloutEvent } from "../../model/rolloutEvent";
import { COLOURS } from "../../model/release";
import type { Status } from "../../model/status";
import type { Subject } from "../subject";

/** Something to be told, before it has the form of a channel. */
export interface Announcement {
  readonly kind: EventKind | "summary";
  /** One line: where, and what. */
  readonly title: string;
  /** Evidence, a line each. */
  readonly lines: readonly string[];
  /** Who and when. */
  readonly foot: string;
  readonly tone: "good" | "bad" | "waiting" | "plain";
  /** By which subscribers may filter. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Characters of a line, at most. */
const LONGEST = 300;

/** What an event is told as. */
export function announcementOf(event: RolloutEvent): Announcement {
  const { kind, app, environment, stack, by, at, reasons, exit, omitted = 0 } = event;
  const place = stack ?? `${app}-${environment}`;
  return {
    kind,
    title: plainLine(`${place}: ${subjectOf(event)}`, LONGEST),
    lines: [
      ...reasons.map(({ code, text, rule }) => plainLine(`${rule ?? code}: ${text}`, LONGEST)),
      ...(omitted > 0 ? [`(${omitted} more left out)`] : []),
      ...(exit === undefined || exit === 0 ? [] : [`exit code ${exit}`]),
    ],
    foot: plainLine(`${app}-${environment}, by ${by}, ${at}`, LONGEST),
    tone: toneOf(event),
    attributes: attributes({ kind, app, environment, stack, colour: event.colour, version: event.version }),
  };
}

const TONES: Readonly<Record<EventKind, Announcement["tone"]>> = {
  start: "plain",
  prepare: "plain",
  shift: "plain",
  promote: "good",
  hold: "waiting",
  rollback: "bad",
  level: "bad",
  adopt: "bad",
  done: "good",
};

/** What failed is bad, whatever it was; 3 and 4 are how a hold and a retreat end when all went well. */
const toneOf = ({ kind, exit = 0 }: RolloutEvent): Announcement["tone"] =>
  [0, 3, 4].includes(exit) ? TONES[kind] : "bad";

/** SNS takes no empty value. */
const attributes = (values: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const line = plainLine(value ?? "", LONGEST);
      return line === "" ? [] : [[name, line]];
    }),
  );

/**
 * A release at a glance, for whoever is told on a schedule.
 *
 * @param stack its name; absent: it was named by application and environment alone
 * @param at ISO time of the look
 */
export function summaryOf(
  status: Status,
  { stack, app, environment }: Pick<Subject, "app" | "environment"> & { readonly stack?: string },
  at: string,
): Announcement {
  const { colours, fence, next, strategy } = status;
  const lines = COLOURS.map((colour) => {
    const { role, version, configured, recorded, fenced } = colours[colour];
    const share = recorded === undefined || recorded === configured ? "" : `, ${recorded} % in state`;
    return `${colour} ${version ?? "empty"}${fenced ? " (fenced)" : ""}: ${role}, ${configured} %${share}`;
  });
  const place = stack ?? `${app}-${environment}`;
  return {
    kind: "summary",
    title: plainLine(`${place}: ${next ? next.what : "what comes next is unknown"}`, LONGEST),
    lines: [
      ...lines,
      ...(fence ? [`fence: ${fence.version} since ${fence.at} by ${fence.by}: ${fence.reason}`] : []),
    ].map((line) => plainLine(line, LONGEST)),
    foot: plainLine(`${app}-${environment}, ${strategy}, ${at}`, LONGEST),
    tone: fence ? "waiting" : "plain",
    attributes: attributes({ kind: "summary", app, environment, stack }),
  };
}
