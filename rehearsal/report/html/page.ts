import type { Record1 } from "../record";
import { figures } from "./figures";
import { clock, count, seconds } from "./format";
import { timeAxisOf, lane } from "./happenings";
import { type Markup, html, trusted } from "./markup";
import { stepList } from "./steps";
import { STYLE } from "./style";

/** The page may load nothing, run nothing and send nothing; it has its style in itself. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A rehearsal as one HTML page that needs nothing beside it. Every figure in it is the record's. */
export function reportPage(record: Record1): string {
  const { stack, scenario, steps, failure } = record;
  const axis = timeAxisOf(record);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>Rehearsal of ${stack}: ${scenario}</title>
        <style>
          ${trusted(STYLE)}
        </style>
      </head>
      <body>
        <header>
          <p class="brand">Sluice</p>
          <h1>Rehearsal of <bdi>${stack}</bdi>: <bdi>${scenario}</bdi></h1>
          ${verdict(record)} ${facts(record)}
        </header>
        <main>
          <section aria-labelledby="totals">
            <h2 id="totals">In short</h2>
            ${totalsOf(record)}
          </section>
          ${exposureOf(record)}
          <section aria-labelledby="course">
            <h2 id="course">Over time</h2>
            ${lane(record, axis)}
            ${(record.samples ?? []).length > 0 ? figures(record, axis) : html`<p>No samples were taken.</p>`}
          </section>
          <section aria-labelledby="steps">
            <h2 id="steps">Step by step</h2>
            ${stepList(steps, failure)}
          </section>
        </main>
        <footer>
          <p>
            A request failed if its user would say so: timeouts, resets and every error status count, and
            nothing is tried again. A session is new with each request that carries no stickiness cookie;
            while one colour has all traffic, none is given out. Shaded times are those in which the engine
            worked. Times count from the rehearsal’s beginning.
          </p>
          <p>
            Every figure was measured in this run, except when metrics were due, which is by the clock;
            <code>npm start -- --report FILE</code> writes them as JSON.
          </p>
        </footer>
      </body>
    </html> `;
  return page.toString();
}

function verdict({ steps, failure }: Record1): Markup {
  const broken = [
    ...steps.flatMap((step, at) =>
      (step.broken ?? []).map((fault) => ({ fault, number: at + 1, name: step.name })),
    ),
    ...(failure
      ? [{ fault: "the rehearsal could not go on", number: failure.step, name: failure.name }]
      : []),
  ];
  if (broken.length === 0) return html`<p class="verdict kept">Every step kept what is promised of it.</p>`;
  return html`<div class="verdict bad">
    <p>Not every step kept what is promised of it.</p>
    <ul>
      ${broken.map(
        ({ fault, number, name }) =>
          html`<li>
            <a href="#step-${number}">Step ${number}, <bdi>${name}</bdi></a
            >: <bdi>${fault}</bdi>
          </li>`,
      )}
    </ul>
  </div>`;
}

function facts({ stack, engine, speed, seed, memory, began }: Record1): Markup {
  const rows = [
    ["stack", stack],
    ["engine", `Pulumi ${engine.version} (${engine.source})`],
    ["time", speed === undefined ? undefined : paceText(speed)],
    ["seed", seed === undefined ? undefined : String(seed)],
    ["memory", memory ? `${count(memory)} MiB at the most, all processes together` : undefined],
    ["began", began === undefined ? undefined : `${began.slice(0, 19).replace("T", " ")} UTC`],
  ] as const;
  return html`<dl class="facts">
    ${rows.map(
      ([name, value]) =>
        value !== undefined &&
        html`<div>
          <dt>${name}</dt>
          <dd><bdi>${value}</bdi></dd>
        </div>`,
    )}
  </dl>`;
}

const paceText = (speed: number): string =>
  speed === 1
    ? "a release’s passes as users’ does"
    : `a release’s passes ${count(speed)} times faster than users’`;

function totalsOf({ totals, steps }: Record1): Markup {
  const unsafe = steps.filter(({ kind }) => kind === "refused");
  const refused = unsafe.filter(({ refusals = [] }) => refusals.length > 0);
  return tiles([
    { name: "requests", value: count(totals.requests) },
    { name: "of them failed", value: count(totals.failed), bad: totals.failed > 0 },
    { name: "from first to last", value: clock(totals.seconds) },
    { name: "steps", value: count(steps.length) },
    { name: "unsafe edits refused", value: `${count(refused.length)} of ${count(unsafe.length)}` },
  ]);
}

function exposureOf({ exposure, steps, speed = 1 }: Record1): Markup {
  if (!exposure) return html``;
  const { fault, colour, seconds: at, moved, failed } = exposure;
  // A fault that is no matter of metrics is noticed as soon in an account.
  const isMeasured = steps.some(({ reaction }) => reaction && reaction.signal > 0);
  return html`<section aria-labelledby="exposure">
    <h2 id="exposure">Exposure</h2>
    <p class="fault">At ${clock(at)} the first fault began, in ${colour}: <bdi>${fault}</bdi></p>
    ${tiles([
      moved === undefined
        ? { name: `${colour} got new users to the end`, value: "never moved", bad: true }
        : { name: `until ${colour} got no new users`, value: seconds(moved) },
      { name: "requests failed since", value: count(failed), bad: failed > 0 },
    ])}
    ${
      speed > 1 &&
      html`<p>
        A release’s time passes ${count(speed)} times faster than users’.
        ${
          isMeasured &&
          html`In an account metrics come ${count(speed)} times later than here, and users meet the fault
          until they do.`
        }
      </p>`
    }
  </section>`;
}

const tiles = (all: readonly Tile[]): Markup =>
  html`<dl class="tiles">
    ${all.map(
      ({ name, value, bad }) =>
        html`<div class="${bad && "bad"}">
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;

interface Tile {
  readonly name: string;
  readonly value: string;
  readonly bad?: boolean;
}
