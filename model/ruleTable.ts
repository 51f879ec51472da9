import { CONTROLS } from "./controls";
import { type PlatformRule, SEVERITIES } from "./controls/control";
import { PLATFORM_RULES } from "./controls/platformRules";
import { LIMITS, LIMIT_NAMES } from "./limits";
import { aligned } from "./markdown";
import type { Rule } from "./rule";
import { limitsOf } from "./ruleLimits";
import { RULES } from "./rules";
import { list } from "./rules/wording";
import { RULES_INTRODUCTION } from "./rulesIntroduction";

/** Who judges a change, from the first to the last. */
type Layer = "settings" | "program" | "policies" | "guards";

/** Layers that judge a rule beside those that judge every rule of its kind. */
const ALSO: Readonly<Record<string, readonly Layer[]>> = {
  S1: ["settings"],
  S2: ["settings"],
  S5: ["settings"],
  S6: ["settings"],
  T2: ["guards"],
  T12: ["guards"],
  T15: ["settings"],
};

/** The page of rules as Markdown. */
export function rulesPage(): string {
  return [
    "# Rules",
    "",
    "<!-- Written by `npx sluice rules`; a test fails where this file is not what the code says. -->",
    "",
    RULES_INTRODUCTION,
    "",
    "## Changes of a release",
    "",
    ...aligned([TRANSITION_HEAD, ...RULES.map(transitionRow)]),
    "",
    `A retreat is judged by ${list(RULES.filter(({ judgesRetreat }) => judgesRetreat).map(({ id }) => id))} alone.`,
    "",
    "## What a stack consists of",
    "",
    "No override lifts these; an organisation may except a control, or set the level.",
    "",
    ...aligned([STATE_HEAD, ...(Object.keys(PLATFORM_RULES) as PlatformRule[]).map(stateRow)]),
    "",
    "## Limits",
    "",
    "`sluice:limits` sets them for a stack, each within its range. Of freezes there are none by default.",
    "",
    ...aligned([
      ["limit", "unit", "dev", "staging", "prod", "from", "to", "read by", "source"],
      ...LIMIT_NAMES.map(limitRow),
    ]),
    "",
  ].join("\n");
}

const STATE_HEAD = ["rule", "severity", "demands", "protects", "way out", "judged by"];
const TRANSITION_HEAD = [
  ...["rule", "severity", "refuses", "protects", "way out", "judged by"],
  ...["limits", "override"],
];

const transitionRow = (rule: Rule): string[] => {
  const { id, severity, title, protects, wayOut, absolute } = rule;
  const layers = layersOf(id, ["program", "policies"]);
  return [id, severity, title, protects, wayOut, layers, limitsOf(id).join(", "), absolute ? "no" : "yes"];
};

const stateRow = (id: PlatformRule): string[] => {
  const { title, protects, wayOut } = PLATFORM_RULES[id];
  const controls = CONTROLS.filter(({ rule }) => rule === id);
  const severity = SEVERITIES.find((each) => controls.some((control) => control.severity === each)) ?? "none";
  return [id, severity, title, protects, wayOut, layersOf(id, ["policies"])];
};

const layersOf = (id: string, always: readonly Layer[]): string => {
  const order: readonly Layer[] = ["settings", "program", "policies", "guards"];
  return order.filter((layer) => always.includes(layer) || ALSO[id]?.includes(layer)).join(", ");
};

const limitRow = (name: (typeof LIMIT_NAMES)[number]): string[] => {
  const { unit, defaults, range, source } = LIMITS[name];
  const rules = RULES.filter(({ id }) => limitsOf(id).some((limit) => limit === name)).map(({ id }) => id);
  const readers = [...rules, ...(READ_BESIDE[name] ?? [])].join(", ");
  const values = [defaults.dev, defaults.staging, defaults.prod, ...range];
  return [name, unit, ...values.map((value) => [value].flat().join(", ")), readers, source];
};

/** Who reads a limit that no rule judges by. */
const READ_BESIDE: { readonly [Name in (typeof LIMIT_NAMES)[number]]?: readonly string[] } = {
  coldSeconds: ["retention"],
  samples: ["guards"],
};
