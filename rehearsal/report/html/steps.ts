import { sum } from "../../traffic/counts";
import type { ResourceChange } from "../changes";
import type { Failure, StepRecord } from "../record";
import { clock, count, percent, seconds } from "./format";
import { type Markup, html } from "./markup";
import { reactions } from "./reactions";

/** Every step with what was changed and what traffic saw of it, and the one that could not be taken. */
export const stepList = (steps: readonly StepRecord[], failure?: Failure): Markup =>
  html`<ol class="steps">
    ${steps.map((step, at) => html`<li>${article(step, at + 1)}</li>`)}
    ${failure && html`<li>${failed(failure)}</li>`}
  </ol>`;

const failed = ({ step, name, message, seconds: at }: Failure): Markup =>
  html`<article id="step-${step}" class="failed">
    <h3>
      <span class="number">${step}</span> <span class="chip failed">failed</span>
      <bdi>${name}</bdi>
    </h3>
    <div class="refusal">
      <p><strong>The rehearsal could not go on</strong> at ${clock(at)}</p>
      <p class="said">${message}</p>
    </div>
  </article>`;

function article(step: StepRecord, number: number): Markup {
  const { broken = [] } = step;
  return html`<article id="step-${number}" class="${step.kind}">
    <h3>
      <span class="number">${number}</span> <span class="chip ${step.kind}">${step.kind}</span>
      <bdi>${step.name}</bdi>
    </h3>
    <dl>
      ${
        step.began !== undefined &&
        html`<div>
          <dt>from</dt>
          <dd>${clock(step.began)}</dd>
        </div>`
      }
      <div>
        <dt>engine</dt>
        <dd>${seconds(step.seconds)}</dd>
      </div>
      <div>
        <dt>requests</dt>
        <dd>${count(sum(step.requests))}</dd>
      </div>
      <div class="${sum(step.failed) > 0 && "bad"}">
        <dt>failed</dt>
        <dd>${count(sum(step.failed))}</dd>
      </div>
      ${
        step.strayed !== undefined &&
        html`<div class="${step.strayed > 0 && "bad"}">
          <dt>away from their session’s colour</dt>
          <dd>${count(step.strayed)}</dd>
        </div>`
      }
    </dl>
    ${split(step)}
    ${broken.map((fault) => html`<p class="broken"><strong>Not kept:</strong> <bdi>${fault}</bdi></p>`)}
    ${refusal(step)} ${reactions(step)} ${changes(step)}
  </article>`;
}

/** The shares as a bar, with a notch where they were observed. */
function split(step: StepRecord): Markup {
  const { traffic, expectedShare, observedShare, interval, assigned, blocks } = step;
  const seen =
    observedShare === undefined
      ? "no new session was seen"
      : `green got ${percent(observedShare)} of ${count(assigned.blue + assigned.green)} new sessions` +
        (interval && expectedShare > 0 && expectedShare < 100
          ? `; chance lets it lie from ${percent(interval[0])} to ${percent(interval[1])}`
          : "") +
        // Whose turn it is would show here, and whom the last one got.
        (blocks
          ? `; of ${count(blocks.count)} times ${count(blocks.size)} in a row ${count(blocks.without)} lacked the rarer colour`
          : "");
  return html`<div class="split" aria-hidden="true">
      <i class="blue" style="width:${traffic.blue}%"></i
      ><i class="green" style="width:${traffic.green}%"></i>${
        observedShare !== undefined && html`<b style="left:${100 - observedShare}%"></b>`
      }
    </div>
    <p class="shares">
      <span class="blue">blue ${percent(traffic.blue)}</span>
      <span class="green">green ${percent(traffic.green)}</span> <span>${seen}</span>
    </p>`;
}

function refusal({ kind, expected = [], refusals = [], rule, message }: StepRecord): Markup {
  if (message === undefined) return html``;
  const by = [...new Set(refusals.map((one) => `${one.rule ?? one.layer} (${one.layer})`))].join(", ");
  const words = by || rule;
  const head = kind === "refused" && words ? html`Refused by <bdi>${words}</bdi>` : html`Failed`;
  const rules = new Set<string>(refusals.map((one) => one.rule ?? one.layer));
  const other = expected.length !== rules.size || expected.some((one) => !rules.has(one));
  return html`<div class="refusal">
    <p>
      <strong>${head}</strong
      >${expected.length > 0 && other && html`; it should be refused by ${expected.join(", ")}`}
    </p>
    <p class="said">${message}</p>
  </div>`;
}

const WORDS = { create: "created", update: "updated", replace: "replaced", delete: "deleted" } as const;

const SIGNS = { create: "+", update: "~", replace: "±", delete: "−" } as const;

/** What was changed, property by property; of what was made or removed the names, by type. */
function changes({ resources = [], expected, changes: counted }: StepRecord): Markup {
  const kinds = ["create", "update", "replace", "delete"] as const;
  const said = kinds.flatMap((kind) => (counted[kind] > 0 ? [`${count(counted[kind])} ${WORDS[kind]}`] : []));
  const words = said.length > 0 ? said.join(", ") : "nothing changed";
  const summary = expected === undefined || said.length === 0 ? words : `${words}, had it been an update`;
  if (resources.length === 0) return html`<p class="changed">Engine: ${summary}.</p>`;
  const whole = resources.filter(({ properties }) => properties.length === 0);
  const heads = [...new Set(whole.map(headOf))];
  return html`<details class="changed">
    <summary>Engine: ${summary}</summary>
    ${resources.filter(({ properties }) => properties.length > 0).map(difference)}
    ${heads.map(
      (head) =>
        html`<p class="resource">
          <code>${head}</code>
          <bdi>${whole.flatMap((one) => (headOf(one) === head ? one.name : [])).join(", ")}</bdi>
        </p>`,
    )}
  </details>`;
}

const headOf = ({ kind, type }: ResourceChange): string => `${SIGNS[kind]} ${type}`;

const difference = (change: ResourceChange): Markup =>
  html`<div class="resource">
    <p><code>${headOf(change)}</code> <bdi>${change.name}</bdi></p>
    <ul>
      ${change.properties.map(
        ({ path, from, to }) =>
          html`<li>
            <code>${path}</code>
            ${from !== undefined && html`<del>${from}</del> `}${to !== undefined && html`<ins>${to}</ins>`}
            ${from === undefined && to === undefined && "differs; the engine hides the values"}
          </li>`,
      )}
    </ul>
  </div>`;
