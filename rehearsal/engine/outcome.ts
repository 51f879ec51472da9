import { stripVTControlCharacters } from "node:util";
import type { EngineEvent } from "@pulumi/pulumi/automation";

/** How many resources an operation left in which way. A replacement counts once, as `replace`. */
export interface Changes {
  create: number;
  update: number;
  delete: number;
  replace: number;
  same: number;
}

/** What came of a preview, an update or a destruction. */
export interface Outcome {
  result: "succeeded" | "failed";
  /** In a preview: what would come of it. Else only what was done to its end. */
  changes: Changes;
  /** URNs of the resources that were updated in place. */
  updated: string[];
  /** URNs of the resources that were replaced. */
  replaced: string[];
  /**
   * What the engine said: policy violations, warnings and errors, and after a failure also what the program wrote to
   * standard error, in their order, as plain text that begins with the resource.
   */
  diagnostics: string[];
}

/** In which class each of the engine's step operations falls. Others, such as reads, change nothing. */
export const CLASS: Readonly<Record<string, keyof Changes>> = {
  same: "same",
  update: "update",
  create: "create",
  delete: "delete",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
};

/** Of the classes of one resource's steps, the first here counts. */
const PRECEDENCE: readonly (keyof Changes)[] = ["replace", "create", "delete", "update", "same"];

interface Diagnostic {
  text: string;
  level: "note" | "program" | "error";
}

/** Collects an operation's engine events into its {@link Outcome}. */
export class Tally {
  readonly #classes = new Map<string, Set<keyof Changes>>();
  readonly #diagnostics: Diagnostic[] = [];

  /** Takes in one event. */
  add(event: EngineEvent): void {
    // A step's end, not its beginning: it may fail between. Components and stacks end twice.
    const done = event.resOutputsEvent?.metadata;
    if (done !== undefined) this.#count(done.urn, done.op);
    const diagnostic = policyViolation(event) ?? message(event);
    if (diagnostic !== undefined) this.#diagnostics.push(diagnostic);
  }

  /**
   * The outcome of all events so far. `printed`: what the engine printed to standard error, which tells the reason of
   * a failure that came before the first event.
   */
  outcome(result: Outcome["result"], printed = ""): Outcome {
    const failed = result === "failed";
    const said = this.#diagnostics.filter(({ level }) => failed || level !== "program");
    const texts = said.map(({ text }) => text);
    if (failed && !said.some(({ level }) => level === "error")) texts.push(plain(printed));
    const all = new Map([...this.#classes].map(([urn, classes]) => [urn, strongest(classes)]));
    const of = (kind: keyof Changes) => [...all].filter(([, found]) => found === kind).map(([urn]) => urn);
    return {
      result,
      changes: {
        create: of("create").length,
        update: of("update").length,
        delete: of("delete").length,
        replace: of("replace").length,
        same: of("same").length,
      },
      updated: of("update"),
      replaced: of("replace"),
      diagnostics: [...new Set(texts.filter(Boolean))],
    };
  }

  #count(urn: string, operation: string): void {
    const kind = CLASS[operation];
    if (kind === undefined) return;
    const classes = this.#classes.get(urn) ?? new Set();
    this.#classes.set(urn, classes.add(kind));
  }
}

const strongest = (classes: ReadonlySet<keyof Changes>) => PRECEDENCE.find((kind) => classes.has(kind));

function policyViolation({ policyEvent }: EngineEvent): Diagnostic | undefined {
  if (policyEvent === undefined) return undefined;
  const { enforcementLevel, message, policyName, policyPackName, resourceUrn } = policyEvent;
  const text = `${named(resourceUrn)}${policyPackName}/${policyName} [${enforcementLevel}] ${plain(message)}`;
  return { text, level: enforcementLevel === "mandatory" ? "error" : "note" };
}

const LEVELS: Readonly<Record<string, Diagnostic["level"]>> = {
  warning: "note",
  error: "error",
  "info#err": "program",
};

function message({ diagnosticEvent }: EngineEvent): Diagnostic | undefined {
  const level = LEVELS[diagnosticEvent?.severity ?? ""];
  if (diagnosticEvent === undefined || level === undefined) return undefined;
  const text = plain(diagnosticEvent.message);
  return text === "" ? undefined : { text: named(diagnosticEvent.urn) + text, level };
}

/** A resource as people know it: "aws:lb/listenerRule:ListenerRule (web): ". */
function named(urn: string | undefined): string {
  if (!urn) return "";
  const [, , types = "", ...name] = urn.split("::");
  return `${types.split("$").at(-1)} (${name.join("::")}): `;
}

/** Without the engine's colour tags and terminal escapes. */
function plain(text: string): string {
  return stripVTControlCharacters(text.replace(/<\{%.*?%\}>/g, "")).trim();
}
