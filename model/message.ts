import { ENVIRONMENTS } from "./environments";
import { plainLine } from "./masked";
import { COLOURS } from "./release";
import { type Awaited, CODES } from "./rollout/action";
import { EVENT_KINDS, type EventReason, type RolloutEvent } from "./rolloutEvent";

/**
 * An update's message: its first line as a commit's subject, then the reasons, then trailers as git has them. It goes
 * to the engine as an argument of a command, and stays in the stack's history.
 */

/** Characters of a message, of a reason, and of a name, at most; a process' argument may have 128 KiB. */
const LONGEST = { message: 4_000, reason: 400, name: 200 } as const;

const AWAITED: readonly Awaited[] = ["time", "metrics", "targets", "answer", "update", "look", "person"];

/** `shift green 2.4.0: 10 → 25 %`, `hold green 2.4.0 at 25 %`, `shift flag partial-results: 10 → 50 %`. */
export function subjectOf({ kind, colour, version, flag, from, to }: RolloutEvent): string {
  const about = flag === undefined ? [colour, version ?? ""] : ["flag", flag];
  const what = [kind, ...about.map((part) => plainLine(part, LONGEST.name))].filter(Boolean).join(" ");
  if (to === undefined) return what;
  if (from === undefined) return `${what}: → ${to} %`;
  return from === to ? `${what} at ${to} %` : `${what}: ${from} → ${to} %`;
}

/** The message of the update that an event makes. */
export function messageOf(event: RolloutEvent): string {
  const trailers = Object.entries(trailersOf(event)).flatMap(([name, value]) =>
    value === undefined ? [] : [`Sluice-${name}: ${plainLine(String(value), LONGEST.name)}`],
  );
  const frame = [subjectOf(event), "", "", ...trailers].join("\n");
  const lines = event.reasons.map(reasonLine);
  const shown: string[] = [];
  // Room for the line that says how many are left out.
  let room = LONGEST.message - frame.length - 40;
  for (const line of lines) {
    room -= line.length + 1;
    if (room < 0) break;
    shown.push(line);
  }
  const omitted = (event.omitted ?? 0) + lines.length - shown.length;
  const body = [...shown, ...(omitted > 0 ? [`(${omitted} more left out)`] : [])];
  return [subjectOf(event), ...(body.length > 0 ? ["", ...body] : []), "", ...trailers].join("\n");
}

const trailersOf = (event: RolloutEvent) => ({
  Action: event.kind,
  Stack: event.stack,
  App: event.app,
  Environment: event.environment,
  Colour: event.colour,
  Version: event.version,
  Flag: event.flag,
  From: event.from,
  To: event.to,
  By: event.by,
  At: event.at,
  Exit: event.exit,
});

/** `- bake until 2026-03-01T18:00:00Z: 2 h of 24 h`. */
function reasonLine({ code, rule, awaits, until, text }: EventReason): string {
  const marks = [
    ...(rule === undefined ? [] : [`rule ${word(rule)}`]),
    ...(awaits === undefined ? [] : [`awaits ${awaits}`]),
    ...(until === undefined ? [] : [`until ${word(until)}`]),
  ];
  return `- ${[code, ...marks].join(" ")}: ${plainLine(text, LONGEST.reason)}`.trimEnd();
}

/** A mark is one word, so that the text after it can be told from it. */
const word = (text: string): string => /^[\w.:+-]{0,40}[\w.+-]/.exec(plainLine(text))?.[0] ?? "?";

const REASON =
  /^- (?<code>[a-z-]+)(?: rule (?<rule>\S*[^\s:]))?(?: awaits (?<awaits>[a-z]+))?(?: until (?<until>\S*[^\s:]))?:(?: (?<text>.*))?$/u;
const TRAILER = /^Sluice-(?<name>[A-Z][a-z]+): ?(?<value>.*)$/u;
const OMITTED = /^\((?<count>\d{1,6}) more left out\)$/;

/**
 * What a message says, the inverse of {@link messageOf} for whatever stays of an event in it.
 *
 * @returns undefined where nobody made the message this way
 */
export function parseMessage(message: string): RolloutEvent | undefined {
  const lines = message
    .trimEnd()
    .split("\n")
    .map((line) => line.trimEnd());
  const last = lines.lastIndexOf("");
  const told = Object.fromEntries(
    lines.slice(last + 1).flatMap((line) => {
      const { name, value = "" } = TRAILER.exec(line)?.groups ?? {};
      return name === undefined ? [] : [[name, value] as const];
    }),
  );
  const body = lines.slice(1, Math.max(last, 1));
  const read = eventIn(told);
  if (!read) return undefined;
  const omitted = body.flatMap((line) => OMITTED.exec(line)?.groups?.["count"] ?? []).at(-1);
  return {
    ...read,
    reasons: body.flatMap(reasonIn),
    ...(omitted !== undefined && { omitted: Number(omitted) }),
  };
}

function eventIn(
  told: Readonly<Record<string, string | undefined>>,
): Omit<RolloutEvent, "reasons"> | undefined {
  const kind = EVENT_KINDS.find((name) => name === told["Action"]);
  const colour = COLOURS.find((name) => name === told["Colour"]);
  const environment = ENVIRONMENTS.find((name) => name === told["Environment"]);
  const { App: app, By: by, At: at, Stack: stack, Version: version, Flag: flag } = told;
  if (!kind || !colour || !environment || app === undefined || by === undefined || at === undefined)
    return undefined;
  const [from, to, exit] = [told["From"], told["To"], told["Exit"]].map(numberIn);
  return {
    kind,
    ...(stack !== undefined && { stack }),
    app,
    environment,
    colour,
    ...(version !== undefined && { version }),
    ...(flag !== undefined && { flag }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    by,
    at,
    ...(exit !== undefined && { exit }),
  };
}

const numberIn = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,9}(\.\d{1,20})?$/.test(text) ? Number(text) : undefined;

function reasonIn(line: string): EventReason[] {
  const { code: name, rule, awaits: what, until, text = "" } = REASON.exec(line)?.groups ?? {};
  const code = CODES.find((one) => one === name);
  if (!code) return [];
  const awaits = AWAITED.find((one) => one === what);
  return [
    {
      code,
      text,
      ...(awaits && { awaits }),
      ...(until !== undefined && { until }),
      ...(rule !== undefined && { rule }),
    },
  ];
}
