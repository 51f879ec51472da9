import { COLOURS, type Colour } from "../model/release";
import type { ColourStatus, Status } from "../model/status";
import { factsText } from "./status/facts";
import { figuresText, isDark, serviceText } from "./status/service";
import { minute } from "./times";
import { beside } from "./wrapped";

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

/** What is to be told beside the status itself. */
export interface Telling {
  /** Reasons why something is not known, a line each. */
  readonly unseen: readonly string[];
  /** What nobody set up to be known, a line each. Default: nothing. */
  readonly remarks?: readonly string[];
  /** ISO time. */
  readonly now: string;
  /** Whether the reader's terminal shows colours. Default: no. */
  readonly coloured?: boolean;
}

/** A release at a glance, on lines of a terminal. */
export function statusText(
  { stack, app, environment, region }: Place,
  status: Status,
  { unseen, remarks = [], now, coloured = false }: Telling,
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
  const { colours } = status;
  const services = [...new Set(COLOURS.flatMap((colour) => Object.keys(colours[colour].services)))];
  const head = COLOURS.map((colour) => paint(colour, colour.padEnd(COLUMNS.colour))).join("");
  const of = (service: string, colour: Colour) => colours[colour].services[service];
  return [
    `${stack}: ${app}-${environment} in ${region}, ${status.strategy}, ${minute(now)}`,
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
    ...services.flatMap((service) => [
      row(
        service,
        (colour) => serviceText(of(service, colour)),
        (colour) => of(service, colour)?.share !== colours[colour].configured || isDark(of(service, colour)),
      ),
      ...(COLOURS.some((colour) => of(service, colour)?.figures)
        ? [row("  errors, p95", (colour) => figuresText(of(service, colour)))]
        : []),
    ]),
    "",
    ...factsText(status, now),
    ...unseen.flatMap((reason) => beside("NOT SEEN", reason)),
    ...remarks.flatMap((remark) => beside("not told", remark)),
  ].join("\n");
}

const percent = (share: number | undefined): string => (share === undefined ? "unknown" : `${share} %`);

const versionText = ({ version, fenced }: ColourStatus): string =>
  `${version ?? "none"}${fenced ? " (fenced)" : ""}`;
