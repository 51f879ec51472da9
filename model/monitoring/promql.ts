import { namespaceName } from "../names";
import { FAMILIES, type FamilyName, SCRAPED } from "./families";

/** A label's value in quotes, whatever it has in it. */
export const quoted = (value: string): string => JSON.stringify(value);

/** A label's value as part of a regular expression that means itself and nothing else. */
export const literal = (value: string): string => value.replaceAll(/[^\w-]/g, "\\$&");

/** Whose series are meant. */
export interface Of {
  /** `sluice:app`: its name is the namespace's. */
  readonly app: string;
  /** Services; absent: every one. */
  readonly services?: readonly string[];
}

/** Labels of a selector, without braces. @param more matchers, each `name="value"` */
export const matchers = ({ app, services }: Of, ...more: readonly string[]): string =>
  [
    `namespace=${quoted(namespaceName(app))}`,
    ...(services ? [`app=~${quoted(services.map(literal).join("|"))}`] : []),
    ...more,
  ].join(",");

/** Who is measured: a version of a colour of a service. */
export const WHO = SCRAPED.join(", ");

/** What came per second in a window, by {@link WHO} and `more` labels. */
export const rateBy = (series: string, selector: string, window: string, ...more: string[]): string =>
  `sum by (${[WHO, ...more].join(", ")}) (rate(${series}{${selector}}[${window}]))`;

/** Client libraries write a bound as `5` or as `5.0`. */
export const bound = (seconds: number): string => `le=~${quoted(`${literal(String(seconds))}(\\.0+)?`)}`;

/**
 * Part (0–1) of a counter's increase that `bad` matches. Without any increase there is none, and without a bad series
 * it is 0: a counter by status begins with the first of it.
 */
export function badRatio(family: FamilyName, bad: string, of: Of, window: string): string {
  const { name } = FAMILIES[family];
  const all = rateBy(name, matchers(of), window);
  return `(${rateBy(name, matchers(of, bad), window)} or 0 * ${all}) / (${all} > 0)`;
}

/** Part (0–1) of a histogram's observations above a bound. Without any there is none. */
export function slowRatio(family: FamilyName, seconds: number, of: Of, window: string): string {
  const { name } = FAMILIES[family];
  const quick = rateBy(`${name}_bucket`, matchers(of, bound(seconds)), window);
  return `1 - ${quick} / (${rateBy(`${name}_count`, matchers(of), window)} > 0)`;
}

/** A quantile of a histogram, in seconds, over 5 min; NaN without observations. @param quantile 0–1 */
export const quantileOf = (quantile: number, family: FamilyName, of: Of): string =>
  `histogram_quantile(${quantile}, ${rateBy(`${FAMILIES[family].name}_bucket`, matchers(of), "5m", "le")})`;
