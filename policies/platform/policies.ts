import type {
  PolicyResource,
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import {
  CONTROLS,
  type Control,
  type Judged,
  type PlatformRule,
  type Properties,
  judges,
} from "../../model/controls";
import { PLATFORM_RULES } from "../../model/controls/platformRules";
import { type Config, SCHEMA, checked, environmentOf } from "./configuration";
import { type Unjudged, orUnknown, sayUnjudged, whereKnown } from "./unknown";

const ruleNames = Object.keys(PLATFORM_RULES) as PlatformRule[];

const isInCluster = ({ types }: Control): boolean => types.every((type) => type.startsWith("kubernetes:"));

/** What every policy says of itself. */
const common = (name: string, rule: PlatformRule, controls: readonly Control[]) => ({
  name,
  description: PLATFORM_RULES[rule].title,
  tags: controls.map(({ id }) => id),
  enforcementLevel: "mandatory" as const,
  configSchema: SCHEMA,
});

/**
 * A policy for each rule over single resources; and, over all of a stack's, those of Kubernetes, whose names
 * are known before a deployment. Controls that need to know more are tested with the program.
 */
export const platformPolicies: (ResourceValidationPolicy | StackValidationPolicy)[] = [
  ...ruleNames.flatMap((rule) => {
    const controls = CONTROLS.filter((control) => control.rule === rule && control.alone);
    return controls.length > 0 ? [singly(rule, controls)] : [];
  }),
  ...ruleNames.flatMap((rule) => {
    const controls = CONTROLS.filter(
      (control) => control.rule === rule && !control.alone && isInCluster(control),
    );
    return controls.length > 0 ? [together(rule, controls)] : [];
  }),
];

function singly(rule: PlatformRule, controls: readonly Control[]): ResourceValidationPolicy {
  return {
    ...common(rule, rule, controls),
    validateResource: (args, report) => {
      const resource = judgedOf(args, args.props);
      const config = args.getConfig<Config>();
      examine({ rule, controls, resource, all: [resource], urn: args.urn, config }, report);
    },
  };
}

function together(rule: PlatformRule, controls: readonly Control[]): StackValidationPolicy {
  return {
    ...common(`${rule}-stack`, rule, controls),
    validateStack: (args, report) => {
      const config = args.getConfig<Config>();
      const judged = args.resources.map((one) => ({
        resource: judgedOf(one, orUnknown(one.props)),
        urn: one.urn,
      }));
      const all = judged.map(({ resource }) => resource);
      for (const each of judged) examine({ rule, controls, ...each, all, config }, report);
    },
  };
}

const judgedOf = (
  { type, name, opts }: Pick<PolicyResource, "type" | "name" | "opts">,
  inputs: Properties,
): Judged => ({ type, name, protect: opts.protect, inputs, handles: [] });

/** A resource before the controls of a rule. */
interface Examined {
  readonly rule: PlatformRule;
  readonly controls: readonly Control[];
  readonly resource: Judged;
  readonly all: readonly Judged[];
  readonly urn: string;
  readonly config: Config;
}

/** Reports what the controls find wrong, and what they could not judge. */
function examine({ rule, controls, resource, all, urn, config }: Examined, report: ReportViolation): void {
  const { except, environment = environmentOf(urn) } = checked(rule, config);
  const unjudged: Unjudged[] = [];
  for (const control of controls.filter(({ id }) => !except.includes(id))) {
    const answer = whereKnown(() =>
      judges(control, resource, all, environment) ? control.fault(resource, all) : undefined,
    );
    if ("property" in answer) unjudged.push({ control: control.id, property: answer.property });
    else if (answer.found !== undefined) report(message(rule, control, answer.found), urn);
  }
  sayUnjudged(resource.name, unjudged, report, urn);
}

const message = (rule: PlatformRule, { id, title }: Control, found: string): string =>
  `${id} ${title}: ${found}. Mend it where the resource is made; or, where your organisation accepts it, ` +
  `name the control in the pack's configuration: {"${rule}": {"except": ["${id}"]}}.`;
