import type { Record1 } from "../record";
import { figureOf } from "./figure";
import { type Markup, html } from "./markup";
import type { TimeAxis } from "./plot";
import { failures, requests } from "./rates";
import { shares } from "./shares";
import { times } from "./times";

/** All plots of a rehearsal over its time. */
export function figures(record: Record1, axis: TimeAxis): Markup {
  const { samples = [] } = record;
  const all = [shares(samples), requests(samples), failures(record, samples), times(samples)];
  return html`${all.map((figure) => figureOf(figure, axis))}`;
}
