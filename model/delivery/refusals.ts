import type { Violation } from "../rule";
import { RULES } from "../rules";
import type { EngineEvent } from "./events";

/** Which part of Sluice refused an edit, in the order in which they are asked. */
export type Layer = "settings" | "program" | "policy pack" | "guard";

/** One reason why a preview was refused, or, where it is only advice, why somebody should look. */
export interface Refusal {
  readonly layer: Layer;
  /** Its id, for example `T1`. Absent: settings and guards have none. */
  readonly rule?: string;
  /** In configuration, or the resource that it is about. */
  readonly where?: string;
  readonly message: string;
  /** The command that mends it, where there is one to copy. */
  readonly remedy?: string;
}

/** How the program words what it refuses; settings come without an id. */
const REFUSED = /^(?<rule>[TS]\d+) (?<where>sluice:\S+): (?<message>.*)$/;
const FAULT = /^(?<where>sluice:\S+): (?<message>found .*; allowed: .*); mend it: (?<remedy>.*)$/;
const GUARDED = /\bguard refuses /;

/**
 * Everything that refused, by what the engine said, in its order.
 *
 * @param violations what the rules say of the same transition: they know the command by itself
 */
export function refusalsIn(events: readonly EngineEvent[], violations: readonly Violation[]): Refusal[] {
  const found = events.flatMap((event) => [...ofPolicy(event, "mandatory"), ...ofProgram(event, violations)]);
  return unique(found);
}

/** What policies say without refusing, in the engine's order. */
export const adviceIn = (events: readonly EngineEvent[]): Refusal[] =>
  unique(events.flatMap((event) => ofPolicy(event, "advisory")));

/** The title of a rule about releases; undefined for the platform's. */
export const titleOf = (rule: string): string | undefined => RULES.find(({ id }) => id === rule)?.title;

function ofPolicy({ policyEvent }: EngineEvent, level: string): Refusal[] {
  if (policyEvent?.enforcementLevel !== level) return [];
  const { policyName, message, resourceUrn } = policyEvent;
  const rule = /^[TS]\d+/.exec(policyName)?.[0];
  return [
    {
      layer: "policy pack",
      ...(rule !== undefined && { rule }),
      ...(resourceUrn && { where: resourceOf(resourceUrn) }),
      // The engine puts the policy's description before the message, on lines of its own.
      message: plainText(message),
    },
  ];
}

function ofProgram({ diagnosticEvent }: EngineEvent, violations: readonly Violation[]): Refusal[] {
  if (diagnosticEvent?.severity !== "error") return [];
  const lines = plainText(diagnosticEvent.message).split("\n");
  return lines.flatMap((line): Refusal[] => {
    const refused = refusalOn(line.trim());
    const known = violations.find(({ id, where }) => id === refused?.rule && where === refused.where);
    return refused ? [{ ...refused, ...(known && { remedy: known.remedy }) }] : [];
  });
}

/** What the program, settings or a guard refuse on one line of what the engine said; undefined where they do not. */
export function refusalOn(line: string): Refusal | undefined {
  const refused = REFUSED.exec(line)?.groups as Record<"rule" | "where" | "message", string> | undefined;
  if (refused) return { layer: "program", ...refused };
  const fault = FAULT.exec(line)?.groups as Record<"where" | "message" | "remedy", string> | undefined;
  if (fault) return { layer: "settings", ...fault };
  return GUARDED.test(line) ? { layer: "guard", message: line } : undefined;
}

const unique = (all: readonly Refusal[]): Refusal[] =>
  all.filter(
    (one, at) => all.findIndex(({ message, where }) => message === one.message && where === one.where) === at,
  );

/** `aws:lb/listenerRule:ListenerRule web`, of a URN. */
export const resourceOf = (urn: string): string => {
  const [, , types = "", ...name] = urn.split("::");
  return `${types.split("$").at(-1) ?? ""} ${name.join("::")}`.trim();
};

/** Without the engine's colour tags and a terminal's escapes. */
export const plainText = (text: string): string =>
  text
    .replaceAll(/<\{%.*?%\}>/g, "")
    .replaceAll(/\u001b\[[\d;]*[A-Za-z]/g, "")
    .trim();
