import type { CallRecord } from "../../call";
import type { Rescue } from "../../emergency";
import type { FallbackRecord } from "../../fallbacks";
import type { SessionsRecord } from "../../sessions";
import { endText } from "../../scene";
import type { StepRecord } from "../record";
import { count, seconds } from "./format";
import { type Markup, html } from "./markup";

/** What a step called, how the program reacted to what was broken in it, and what going back took. */
export const reactions = ({ calls = [], reaction, rescue, fallbacks, sessions }: StepRecord): Markup =>
  html`${calls.map(call)} ${fallbacks && standIns(fallbacks)} ${sessions && flagged(sessions)}
  ${
    reaction &&
    times(html`After <bdi>${reaction.fault}</bdi>, in ${reaction.colour}`, [
      // A fault that is no matter of metrics is its own signal.
      [
        "metrics of a whole minute were due, by the clock",
        reaction.signal > 0 ? reaction.signal : undefined,
        false,
      ],
      ["it was decided", reaction.decided, true],
      ["traffic had moved", reaction.moved, true],
      ["all had followed", reaction.complete, true],
    ])
  }
  ${
    rescue &&
    times(html`After the command${lockText(rescue)}`, [
      ["traffic had moved", rescue.moved, true],
      ["all had followed", rescue.converged, true],
    ])
  }`;

/** Nothing where traffic never moved: nobody looked at the lock then. */
const lockText = ({ held }: Rescue): string =>
  held === undefined ? "" : `, the engine’s lock held by ${held ? "another" : "no other"} update`;

function standIns({ expected: { from }, found }: FallbackRecord): Markup {
  const said = found.map((one) => `${one.to} stood in for ${one.from} ${count(one.count)} times`);
  return html`<p class="call">Models: <bdi>${said.join(", ") || `nobody stood in for ${from}`}</bdi></p>`;
}

const flagged = ({ flag, percentage, sessions, had, interval: [low, high] }: SessionsRecord): Markup =>
  html`<p class="call">
    Flag: <bdi>${flag}</bdi> is set to ${percentage} %; ${((100 * had) / sessions).toFixed(1)} % of
    ${count(sessions)} sessions have it, and 999 times in 1,000 it is ${low.toFixed(1)} to ${high.toFixed(1)}
    %.
  </p>`;

function call({ command, code, late, decision }: CallRecord): Markup {
  return html`<div class="call">
    <p><code>${command}</code> ${endText({ code, late })}</p>
    ${decision !== undefined && html`<p class="said">${decision}</p>`}
  </div>`;
}

/** What there was when; what is missing and should not be is said to have never been. */
const times = (
  head: Markup,
  rows: readonly (readonly [what: string, after: number | undefined, always: boolean])[],
): Markup =>
  html`<div class="reaction">
    <p>${head}</p>
    <dl>
      ${rows.map(
        ([what, after, always]) =>
          (after !== undefined || always) &&
          html`<div class="${after === undefined && "bad"}">
            <dt>${what}</dt>
            <dd>${after === undefined ? "never" : seconds(after)}</dd>
          </div>`,
      )}
    </dl>
  </div>`;
