import { deploymentName, namespaceName } from "../../names";
import { COLOURS, type Colour } from "../../release";
import { FAMILIES, type FamilyName } from "../families";
import { type Of, literal, matchers, quoted } from "../promql";
import type { Query } from "./panel";

/** The window of what is drawn from series themselves: four scrapes, so that a step shows within a minute. */
export const WINDOW = "1m";

/** A recorded series of services. */
export const recorded = (name: string, of: Of, ...more: readonly string[]): string =>
  `${name}{${matchers(of, ...more)}}`;

/** What came per second in {@link WINDOW}, by some labels. */
export const perSecond = (family: FamilyName, of: Of, by: readonly string[]): string =>
  `sum by (${by.join(", ")}) (rate(${FAMILIES[family].name}{${matchers(of)}}[${WINDOW}]))`;

/** Pods of one colour's Deployments of services; a service whose name begins with this one's has one part more. */
const podsOf = (services: readonly string[], colour: Colour): string =>
  `pod=~${quoted(`(${services.map((service) => literal(deploymentName(service, colour))).join("|")})-[a-z0-9]+-[a-z0-9]{5}`)}`;

/**
 * A figure of a colour's pods, from series that know pods alone.
 *
 * @param expr from a selector without braces
 */
export const ofPods = (
  app: string,
  services: readonly string[],
  expr: (selector: string) => string,
): Query[] =>
  COLOURS.map((colour) => ({
    expr: expr(`namespace=${quoted(namespaceName(app))},${podsOf(services, colour)}`),
    legend: colour,
  }));

/** Quantiles of one colour's answers in seconds, over all of its pods. */
export const quantiles = (family: FamilyName, of: Of, colour: Colour, window = "5m"): Query[] =>
  [0.5, 0.95, 0.99].map((quantile) => {
    const selector = matchers(of, `colour=${quoted(colour)}`);
    const buckets = `sum by (le) (rate(${FAMILIES[family].name}_bucket{${selector}}[${window}]))`;
    return { expr: `histogram_quantile(${quantile}, ${buckets})`, legend: `p${100 * quantile}` };
  });

/** Mean time to answer in seconds, by some labels; nothing where nobody asked. */
export const mean = (family: FamilyName, of: Of, by: readonly string[]): string => {
  const { name } = FAMILIES[family];
  const rate = (part: string) => `sum by (${by.join(", ")}) (rate(${name}_${part}{${matchers(of)}}[5m]))`;
  return `${rate("sum")} / (${rate("count")} > 0)`;
};
