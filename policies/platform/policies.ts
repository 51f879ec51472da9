import type {
  PolicyConfigSchema,
  PolicyResource,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { CONTROLS, type Control, type Judged, type PlatformRule, judges } from "../../model/controls";
import { ENVIRONMENTS, type Environment } from "../../model/environments";

/** What an organisation may set of each policy, besides its `enforcementLevel`. */
interface Config {
  /** Ids of controls that are not judged, for example `["RDS.10"]`. */
  readonly except?: readonly string[];
  /** The environment that stacks are judged as. Default: by the stack's name. */
  readonly environment?: Environment;
}

const SCHEMA: PolicyConfigSchema = {
  properties: {
    except: { type: "array", items: { type: "string", enum: CONTROLS.map(({ id }) => id) } },
    environment: { type: "string", enum: [...ENVIRONMENTS] },
  },
};

/** The platform's rules, as people read them. */
const RULES: Readonly<Record<PlatformRule, string>> = {
  S1: "Images have tags that do not move, from registries that scan them",
  S2: "Stickiness ends before the colour that it leads to goes cold",
  S3: "Pods have probes, limits, a budget and a spread, and no rights that they do not need",
  S4: "Cluster, network and backends are encrypted, redundant, protected and closed",
  S5: "Whatever the world reaches has TLS, a web ACL and access logs",
};

const ruleNames = Object.keys(RULES) as PlatformRule[];

const isInCluster = ({ types }: Control): boolean => types.every((type) => type.startsWith("kubernetes:"));

/** What every policy says of itself. */
const common = (name: string, rule: PlatformRule, controls: readonly Control[]) => ({
  name,
  description: RULES[rule],
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
      const resource = judgedOf(args);
      for (const message of messages(
        rule,
        controls,
        resource,
        [resource],
        args.urn,
        args.getConfig<Config>(),
      ))
        report(message);
    },
  };
}

function together(rule: PlatformRule, controls: readonly Control[]): StackValidationPolicy {
  return {
    ...common(`${rule}-stack`, rule, controls),
    validateStack: (args, report) => {
      const config = args.getConfig<Config>();
      const all = new Map(args.resources.map((resource) => [judgedOf(resource), resource.urn]));
      for (const [resource, urn] of all) {
        for (const message of messages(rule, controls, resource, [...all.keys()], urn, config))
          report(message, urn);
      }
    },
  };
}

const judgedOf = ({
  type,
  name,
  props,
  opts,
}: Pick<PolicyResource, "type" | "name" | "props" | "opts">): Judged => ({
  type,
  name,
  protect: opts.protect,
  inputs: props,
  handles: [],
});

function messages(
  rule: PlatformRule,
  controls: readonly Control[],
  resource: Judged,
  all: readonly Judged[],
  urn: string,
  { except = [], environment = environmentOf(urn) }: Config,
): string[] {
  return controls.flatMap((control) => {
    if (except.includes(control.id)) return [];
    const found = whereKnown(() =>
      judges(control, resource, all, environment) ? control.fault(resource, all) : undefined,
    );
    return found === undefined ? [] : [message(rule, control, found)];
  });
}

const message = (rule: PlatformRule, { id, title }: Control, found: string): string =>
  `${id} ${title}: ${found}. Mend it where the resource is made; or, where your organisation accepts it, ` +
  `name the control in the pack's configuration: {"${rule}": {"except": ["${id}"]}}.`;

/** A preview does not know every value; what it cannot judge, the update judges. */
function whereKnown(judge: () => string | undefined): string | undefined {
  try {
    return judge();
  } catch (error) {
    if (error instanceof Error && error.constructor.name === "UnknownValueError") return undefined;
    throw error;
  }
}

/** The environment that a stack's name speaks of; prod, the strictest, where it speaks of none. */
export function environmentOf(urn: string): Environment {
  const stack = urn.split("::")[0]?.split(":").at(-1) ?? "";
  const words = stack.split(/[^a-z0-9]+/i);
  return ENVIRONMENTS.find((environment) => words.includes(environment)) ?? "prod";
}
