import type { Environment } from "../environments";
import { aligned } from "../markdown";
import { type Control, type Inapplicable, SEVERITIES, type Unmet } from "./control";
import { ALL, isControl, isInapplicable, isUnmet } from "./index";

/** Severities for which a review of an environment stops. */
const BLOCKING: readonly string[] = ["critical", "high"];

const INTRODUCTION = [
  "Every control of AWS Foundational Security Best Practices (FSBP) for the services that the stacks use, and of",
  "the CIS EKS Benchmark's sections 4 and 5, as of late 2025; beside them our own, S1 to S3. A control that holds",
  "is tested on what the real program registers, in `test/controls`: the test is called by the control's id and",
  "title, and also breaks exactly that property of a resource of each type and sees the control fail. The policy",
  "pack `policies/platform` judges by the same rules, S1 to S5, in previews. ELB.16 and WAF.11 are AWS's, but not",
  "in FSBP.",
];

/**
 * The table of all controls as Markdown: those that would stop a review first, by severity.
 *
 * @param all default: every control
 */
export function controlsTable(all: readonly (Control | Inapplicable | Unmet)[] = ALL): string {
  const sorted = SEVERITIES.flatMap((severity) => all.filter((one) => one.severity === severity));
  const open = sorted.filter(isUnmet);
  const met = sorted.filter(isControl);
  const blocking = met.filter(({ severity }) => BLOCKING.includes(severity));
  const others = met.filter(({ severity }) => !BLOCKING.includes(severity));
  return [
    "# Controls",
    "",
    "<!-- Written by `npx sluice controls`; a test fails where this file is not what the code says. -->",
    "",
    INTRODUCTION.join(" "),
    "",
    `${met.length} hold, ${open.length} are not met, ${sorted.filter(isInapplicable).length} do not apply.`,
    "",
    "## Would stop a review",
    "",
    ...held(blocking),
    "",
    "## Not met",
    "",
    ...reasons(open, ({ unmet }) => unmet),
    "",
    "## The others that hold",
    "",
    ...held(others),
    "",
    "## Judged in part",
    "",
    ...aligned([
      ["control", "judged is"],
      ...met.flatMap(({ id, scope }) => (scope === undefined ? [] : [[id, scope]])),
    ]),
    "",
    "## Not applicable",
    "",
    ...reasons(sorted.filter(isInapplicable), ({ notApplicable }) => notApplicable),
    "",
  ].join("\n");
}

const held = (controls: readonly Control[]): string[] =>
  aligned([
    ["control", "severity", "title", "where", "rule"],
    ...controls.map(({ id, severity, title, environments, rule }) => [
      id,
      severity,
      title,
      where(environments),
      rule,
    ]),
  ]);

const reasons = <One extends Inapplicable | Unmet>(
  controls: readonly One[],
  because: (one: One) => string,
): string[] =>
  aligned([
    ["control", "severity", "title", "because"],
    ...controls.map((one) => [one.id, one.severity, one.title, because(one)]),
  ]);

const where = (environments: readonly Environment[] | undefined): string =>
  environments?.join(", ") ?? "everywhere";

/** The name of a control's test. */
export const testName = ({ id, title }: Pick<Control, "id" | "title">): string => `${id} ${title}`;
