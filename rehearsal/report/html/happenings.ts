import type { Record1, StepRecord } from "../record";
import { clock, place } from "./format";
import { type Markup, html } from "./markup";
import type { TimeAxis } from "./plot";
import { tableOf } from "./table";

/** Something that happened, on the time axis. */
interface Happening {
  /** In seconds from the beginning; `to` where it took time. */
  readonly from: number;
  readonly to?: number;
  /** Its class in the style sheet. */
  readonly kind: string;
  readonly text: string;
  /** Number of the step that it is, from 1. */
  readonly step?: number;
}

/** The time axis of a record. */
export function timeAxisOf({ steps, samples = [], events = [], totals }: Record1): TimeAxis {
  const last = samples.at(-1)?.seconds ?? 0;
  return {
    // A rehearsal that took no time has an axis all the same.
    length: Math.max(1, totals.seconds, last),
    bands: steps.flatMap(({ began, seconds }) =>
      began === undefined ? [] : [{ from: began, to: began + seconds }],
    ),
    marks: events.map(({ seconds, kind }) => ({ seconds, style: kind })),
  };
}

/** Steps and events, in their order. Steps of a record without times are left out. */
function happeningsOf({ steps, events = [] }: Record1): Happening[] {
  const found = [
    ...steps.flatMap((step, at): Happening[] =>
      step.began === undefined
        ? []
        : [
            {
              from: step.began,
              to: step.began + step.seconds,
              kind: step.kind,
              text: saidOf(step),
              step: at + 1,
            },
          ],
    ),
    ...events.map(({ seconds: from, kind, text, colour }): Happening => {
      return { from, kind, text: colour ? `${colour}: ${text}` : text };
    }),
  ];
  return found.sort((one, other) => one.from - other.from);
}

/** A step in a line; of a refusal the rule and the message too. */
const saidOf = ({ name, rule, message }: StepRecord): string =>
  message === undefined
    ? name
    : `${name}: ${rule === undefined ? "failed" : `refused by ${rule}`}. ${message}`;

/** The lane above the plots, on their time axis, and the same as a table. */
export function lane(record: Record1, { length }: TimeAxis): Markup {
  const happenings = happeningsOf(record);
  if (happenings.length === 0) return html``;
  const kinds = [...new Set(record.steps.map(({ kind }) => kind))];
  return html`<figure class="happenings">
    <figcaption>
      <h3>What happened</h3>
      <p>Each block is a step, as long as the engine worked.</p>
    </figcaption>
    <ul class="legend">
      ${kinds.map((kind) => html`<li><i class="key area ${kind}"></i>${kind}</li>`)}
    </ul>
    <ol class="lane" aria-label="Steps and events in their order">
      ${happenings.map(
        ({ from, to, kind, text, step }) =>
          html`<li
            class="${kind} ${to === undefined ? "moment" : "span"}"
            style="left:${place(from, length)};width:${place((to ?? from) - from, length)}"
          >
            ${step === undefined ? html`<span title="${clock(from)} ${text}">${kind}</span>` : html`<a href="#step-${step}" title="${clock(from)} ${text}" aria-label="Step ${step}: ${text}">${step}</a>`}
          </li>`,
      )}
    </ol>
    <ul class="moments">
      ${happenings
        .filter(({ step }) => step === undefined)
        .map(
          ({ from, kind, text }) =>
            html`<li class="${kind}">${clock(from)} <strong>${kind}</strong> <bdi>${text}</bdi></li>`,
        )}
    </ul>
    <details>
      <summary>What happened: the table</summary>
      ${tableOf({
        columns: ["Time", "What", "Details"],
        rows: happenings.map(({ from, kind, text }) => [
          clock(from),
          kind,
          html`<span class="said">${text}</span>`,
        ]),
      })}
    </details>
  </figure> `;
}
