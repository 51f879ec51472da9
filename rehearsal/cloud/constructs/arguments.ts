import * as pulumi from "@pulumi/pulumi";

type Details = pulumi.InputPropertyErrorDetails;

/** The faults of a component's arguments, gathered so that all are reported at once. */
export class Faults {
  readonly #found: Details[] = [];

  /** @param component as it is written in a program, for example `awsx.ec2.Vpc` */
  constructor(readonly component: string) {}

  add(propertyPath: string, reason: string): void {
    this.#found.push({ propertyPath, reason });
  }

  /** Every name of the object that is not allowed is a fault. */
  names(value: object, allowed: readonly string[], path = ""): void {
    for (const name of Object.keys(value)) {
      if (allowed.includes(name) || name === "__pulumiType") continue;
      const near = allowed.find((one) => one.toLowerCase() === name.toLowerCase());
      const hint = near ? `did you mean "${near}"?` : `allowed are ${allowed.join(", ")}`;
      this.add(path === "" ? name : `${path}.${name}`, `unknown argument "${name}"; ${hint}`);
    }
  }

  /** Every name that the object lacks is a fault. */
  required(value: object, names: readonly string[], path: string): void {
    for (const name of names) {
      if ((value as Record<string, unknown>)[name] !== undefined) continue;
      this.add(`${path}.${name}`, "required, but nothing was found");
    }
  }

  /** A value that is not one of those allowed is a fault; absent and not yet known values are none. */
  oneOf(value: unknown, allowed: readonly string[], path: string): void {
    if (value === undefined || pulumi.Output.isInstance(value) || allowed.includes(value as string)) return;
    this.add(path, `found ${JSON.stringify(value)}, allowed are ${allowed.join(", ")}`);
  }

  /** Arguments that are given but that the local cloud does not serve are faults, each with the reason. */
  unserved(args: pulumi.Inputs, reasons: Readonly<Record<string, string>>): void {
    for (const [name, reason] of Object.entries(reasons)) {
      if (args[name] !== undefined && args[name] !== false)
        this.add(name, `not served by the local cloud: ${reason}`);
    }
  }

  /** @throws InputPropertiesError when any fault was found */
  raise(): void {
    if (this.#found.length === 0) return;
    throw new pulumi.InputPropertiesError({
      message: `The arguments of ${this.component} are invalid.`,
      errors: this.#found,
    });
  }
}

/** The names of an interface of the SDK; the compiler refuses a list that has more or fewer. */
export const namesOf = <T>(names: Record<keyof T, true>): string[] => Object.keys(names);
