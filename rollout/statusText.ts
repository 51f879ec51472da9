import { COLOURS, type Colour } from "../model/release";
import type { ColourStatus, Status } from "../model/status";
import { secondsBetween } from "../model/trust";
import { wrapped } from "./wrapped";

/** Widths of the table's columns, in characters: 80 in all. */
const COLUMNS = { name: 18, colour: 31 } as const;

/** How terminals are told of colours. */
const ESCAPES = { blue: "\u001b[34m", green: "\u001b[32m", bad: "\u001b[31m", end: "\u001b[0m" } as const;

/** Where it is. */
export interface Place {
  readonly stack: string;
  readonly app: string;
  readonly environment: string;
  readonly region: string;
}

/**
 * A release at a glance, on lines of a terminal.
 *
 * @param unseen reasons why something is not known, a line each
 * @param now ISO time
 * @param coloured whether the reader's terminal shows colours
 */
export function statusText(
  { stack, app, environment, region }: Place,
  status: Status,
  unseen: readonly string[],
  now: string,
  coloured: boolean,
): string {
  const paint = (name: keyof typeof ESCAPES, text: string) =>
    coloured && text.trim() !== "" ? `${ESCAPES[name]}${text}${ESCAPES.end}` : text;
  const row = (
    name: string,
    cell: (colour: Colour) => string,
    isBad: (colour: Colour) => boolean = () => false,
  ) =>
    [
      name.padEnd(COLUMNS.name).slice(0, COLUMNS.name),
      ...COLOURS.map((colour) => {
        const text = cell(colour)
          .slice(0, COLUMNS.colour - 1)
          .padEnd(COLUMNS.colour);
        return isBad(colour) ? paint("bad", text) : text;
      }),
    ]
      .join("")
      .trimEnd();
  const { colours, baked, retention } = status;
  const services = [...new Set(COLOURS.flatMap((colour) => Object.keys(colours[colour].services)))];
  const head = COLOURS.map((colour) => paint(colour, colour.padEnd(COLUMNS.colour))).join("");
  return [
    `${stack}: ${app}-${environment} in ${region}, ${status.strategy}`,
    "",
    `${" ".repeat(COLUMNS.name)}${head}`.trimEnd(),
    row("", (colour) => colours[colour].role),
    row(
      "version",
      (colour) => versionText(colours[colour]),
      (colour) => colours[colour].fenced,
    ),
    row("configured", (colour) => `${colours[colour].configured} %`),
    row(
      "in state",
      (colour) => percent(colours[colour].recorded),
      (colour) => colours[colour].recorded !== colours[colour].configured,
    ),
    ...services.map((service) =>
      row(
        service,
        (colour) => serviceText(colours[colour], service),
        (colour) => colours[colour].services[service]?.share !== colours[colour].configured,
      ),
    ),
    "",
    ...fact("fence", fenceText(status)),
    ...fact(
      "since",
      status.since === undefined ? "unknown" : `${minute(status.since)}, ${ago(status.since, now)}`,
    ),
    ...fact("baked", baked ? `${duration(baked.seconds)} of ${duration(baked.needed)}` : "unknown"),
    ...fact(
      "way back",
      status.since === undefined
        ? "unknown"
        : retention
          ? `${retention.phase}; warm until ${minute(retention.warmUntil)}, cold until ${minute(retention.coldUntil)}`
          : "nothing is retained",
    ),
    ...fact("next", nextText(status)),
    ...unseen.flatMap((reason) => fact("NOT SEEN", reason)),
  ].join("\n");
}

const percent = (share: number | undefined): string => (share === undefined ? "unknown" : `${share} %`);

const versionText = ({ version, fenced }: ColourStatus): string =>
  `${version ?? "none"}${fenced ? " (fenced)" : ""}`;

/** The live share, and how many targets answer. */
function serviceText({ services }: ColourStatus, service: string): string {
  const seen = services[service];
  if (!seen) return "";
  const { share, targets } = seen;
  const healthy = targets ? `${targets.healthy}/${targets.registered} healthy` : "targets unknown";
  return `${share} %, ${healthy}`;
}

function fenceText({ fence }: Status): string {
  if (fence === undefined) return "unknown";
  if (fence === null) return "none";
  return `${fence.version} since ${minute(fence.at)} by ${fence.by}: ${fence.reason}`;
}

function nextText({ next }: Status): string {
  if (!next) return "unknown";
  const { what, inSeconds } = next;
  if (inSeconds === undefined) return what;
  return inSeconds === 0 ? `${what}; it may be now` : `${what}; it may be in ${duration(inSeconds)}`;
}

/** A name and its value, which goes on below itself. */
function fact(name: string, value: string): string[] {
  const margin = 10;
  return wrapped(value, 80 - margin).map((line, index) => (index === 0 ? name : "").padEnd(margin) + line);
}

const minute = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)}Z`;

const ago = (iso: string, now: string): string => `${duration(Math.max(0, secondsBetween(iso, now)))} ago`;

/** The two largest units: `1 d 2 h`, `3 min 20 s`. */
export function duration(seconds: number): string {
  const whole = Math.floor(seconds);
  const units = [
    [Math.floor(whole / 86_400), "d"],
    [Math.floor(whole / 3_600) % 24, "h"],
    [Math.floor(whole / 60) % 60, "min"],
    [whole % 60, "s"],
  ] as const;
  const first = units.findIndex(([count]) => count > 0);
  if (first === -1) return "0 s";
  const shown = units.slice(first, first + 2).filter(([count]) => count > 0);
  return shown.map(([count, unit]) => `${count} ${unit}`).join(" ");
}
