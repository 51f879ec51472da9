import type { Environment } from "../environments";
import { isRecord, show } from "../schema/faults";

/** How bad it is where a control does not hold, as AWS and CIS rate it. */
export const SEVERITIES = ["critical", "high", "medium", "low"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Where a control comes from: AWS Foundational Security Best Practices, CIS EKS Benchmark, or our own rules. */
export type Standard = "FSBP" | "CIS EKS" | "Sluice";

/** The platform's rules, by which policies are grouped and configured. */
export type PlatformRule = "S1" | "S2" | "S3" | "S4" | "S5";

export type Properties = Readonly<Record<string, unknown>>;

/** A resource as the program asks for it; values of Pulumi's own kinds are in plain words. */
export interface Judged {
  /** Pulumi's token. */
  readonly type: string;
  /** Its name in the program. */
  readonly name: string;
  /** Whether Pulumi refuses to delete it. */
  readonly protect: boolean;
  readonly inputs: Properties;
  /** Texts by which other resources refer to it: its id, its ARN, its name in AWS. */
  readonly handles: readonly string[];
}

/** What every control has. */
interface Named {
  /** As the standard numbers it: `RDS.3`, `CIS 4.1.5`. */
  readonly id: string;
  readonly standard: Standard;
  readonly title: string;
  readonly severity: Severity;
}

/** A control that the program satisfies, and that a test proves to be satisfied by exactly one property. */
export interface Control extends Named {
  /** The types of resources that it judges. */
  readonly types: readonly string[];
  /** Of those, which. Default: all. */
  readonly applies?: (resource: Judged, all: readonly Judged[]) => boolean;
  /** What `applies` leaves, for people. */
  readonly scope?: string;
  /** What is wrong with a resource; undefined where nothing is. */
  readonly fault: (resource: Judged, all: readonly Judged[]) => string | undefined;
  /** The same resources with exactly this property of one of them broken. */
  readonly flip: (resource: Judged, all: readonly Judged[]) => readonly Judged[];
  /** Other controls that look at the same property, and so break together with it. */
  readonly breaks?: readonly string[];
  /** Where it must hold. Default: everywhere. */
  readonly environments?: readonly Environment[];
  /** Whether a resource alone says it; otherwise the others must be known. */
  readonly alone: boolean;
  /** The platform's rule that it belongs to. */
  readonly rule: PlatformRule;
  /** A resource to try it on, where a stack has one only at times: in some releases or some settings. */
  readonly sample?: Properties;
}

/** A control about something that the stack does not have, or that is not the stack's to decide. */
export interface Inapplicable extends Named {
  readonly notApplicable: string;
  /** Types of resources that must not exist for that to be true. */
  readonly absent?: readonly string[];
}

/** A control that applies and is not met. */
export interface Unmet extends Named {
  readonly unmet: string;
}

/** Where the data of every environment but dev is at stake. */
export const GUARDED: readonly Environment[] = ["staging", "prod"];

/** A value at a path of keys and indexes, `a.b.0.c`. */
export const at = (inputs: unknown, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>(
      (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
      inputs,
    );

/** The same properties with another value at a path; undefined takes the last key away. */
export function put(inputs: unknown, path: string, value: unknown): Properties {
  const [key = "", ...rest] = path.split(".");
  const inner = rest.length === 0 ? value : put(at(inputs, key), rest.join("."), value);
  if (Array.isArray(inputs)) {
    return inputs.map((each: unknown, index) =>
      String(index) === key ? inner : each,
    ) as unknown as Properties;
  }
  const others = isRecord(inputs) ? inputs : {};
  if (inner !== undefined) return { ...others, [key]: inner };
  return Object.fromEntries(Object.entries(others).filter(([each]) => each !== key));
}

/** A list at a path; nothing there is an empty one. */
export function listAt(inputs: unknown, path: string): readonly unknown[] {
  const value = at(inputs, path);
  return Array.isArray(value) ? value : [];
}

/** All resources with one of them changed. */
export const changed = (all: readonly Judged[], one: Judged, inputs: Properties): Judged[] =>
  all.map((each) => (each === one ? { ...each, inputs } : each));

/** All resources without some. */
export const without = (all: readonly Judged[], gone: (one: Judged) => boolean): Judged[] =>
  all.filter((one) => !gone(one));

/** Whether a value of one resource names another. */
export const refersTo = (value: unknown, other: Judged): boolean =>
  typeof value === "string" && other.handles.includes(value);

/** A control about one property of a resource. */
export interface PropertyCheck {
  /** Path of the property. */
  readonly at: string;
  /** What it may be, for people. */
  readonly allowed: string;
  readonly ok: (value: unknown, inputs: Properties) => boolean;
  /** A value that it may not be; undefined is its absence. */
  readonly broken: unknown;
}

type Rest = Omit<Control, "fault" | "flip" | "alone" | "standard" | "rule">;

/** Makes controls of one standard and one rule. */
export const controlsOf = (standard: Standard, rule: PlatformRule) => ({
  /** Judged by one property of the resource. */
  property: ({ at: path, allowed, ok, broken, ...rest }: Rest & PropertyCheck): Control => ({
    ...rest,
    standard,
    rule,
    alone: true,
    fault: ({ inputs }) => {
      const value = at(inputs, path);
      return ok(value, inputs) ? undefined : `found ${path} = ${show(value)}; allowed: ${allowed}`;
    },
    flip: (resource, all) => changed(all, resource, put(resource.inputs, path, broken)),
  }),
  /** Judged by the resource's properties together. */
  each: ({
    fault,
    flip,
    ...rest
  }: Rest & {
    readonly fault: (inputs: Properties) => string | undefined;
    readonly flip: (inputs: Properties) => Properties;
  }): Control => ({
    ...rest,
    standard,
    rule,
    alone: true,
    fault: ({ inputs }) => fault(inputs),
    flip: (resource, all) => changed(all, resource, flip(resource.inputs)),
  }),
  /** Judged by what other resources say of it. */
  together: (control: Rest & Pick<Control, "fault" | "flip">): Control => ({
    ...control,
    standard,
    rule,
    alone: false,
  }),
});

export const isTrue = (value: unknown): boolean => value === true || value === "true";
export const isNotFalse = (value: unknown): boolean => value !== false && value !== "false";
export const isNotTrue = (value: unknown): boolean => !isTrue(value);
export const isGiven = (value: unknown): boolean => typeof value === "string" && value !== "";
export const isOneOf =
  (words: readonly string[]) =>
  (value: unknown): boolean =>
    typeof value === "string" && words.includes(value);
export const isAtLeast =
  (least: number) =>
  (value: unknown): boolean =>
    typeof value === "number" && value >= least;

/** Whether two values are the same, or might be: in a preview the value of an output is absent. */
export const isOrMayBe = (one: unknown, other: unknown): boolean =>
  one === undefined || other === undefined || one === other;
