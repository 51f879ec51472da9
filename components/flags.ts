import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type Flag, exposureOf } from "../model/flags/flag";
import { flagParameter, flagResourceName } from "../model/flags/parameter";
import { endsInUse, offPlan } from "../model/flags/steps";
import { formatFlag } from "../model/flags/value";
import type { Recorded } from "../model/release";
import type { FlagGuardArgs } from "./flagGuard";

export interface FlagParametersArgs extends Omit<FlagGuardArgs, "region"> {
  /** Nothing is written before policies have passed it. */
  transition: pulumi.Resource;
  /** Stands before each of them. */
  guard: pulumi.ResourceHook;
}

/**
 * The SSM parameters of a stack's percentage flags, which applications read.
 *
 * Users meet a flag and a version together, so what falls comes before what rises: a flag that falls is written before
 * any rule moves, and one that rises after all of them.
 */
export class FlagParameters {
  /** Those that fall, which rules wait for. */
  readonly fallen: readonly aws.ssm.Parameter[];
  readonly #args: FlagParametersArgs;
  readonly #opts: pulumi.CustomResourceOptions;
  readonly #declared: aws.ssm.Parameter[];

  /** Declares all but those that rise. */
  constructor(args: FlagParametersArgs, opts: pulumi.CustomResourceOptions) {
    this.#args = args;
    const guards = [args.guard];
    this.#opts = { ...opts, hooks: { beforeCreate: guards, beforeUpdate: guards } };
    const made = Object.entries(args.flags)
      .filter(([name, flag]) => exposureOf(flag) <= this.#had(name))
      .map(([name, flag]) => ({
        falls: exposureOf(flag) < this.#had(name),
        made: this.#declare(name, flag),
      }));
    this.#declared = made.map(({ made }) => made);
    this.fallen = made.filter(({ falls }) => falls).map(({ made }) => made);
  }

  /**
   * Declares those that rise.
   *
   * @param rules that move in the same update
   * @returns every flag's parameter
   */
  rise(rules: readonly pulumi.Resource[]): readonly aws.ssm.Parameter[] {
    const rising = Object.entries(this.#args.flags).filter(
      ([name, flag]) => exposureOf(flag) > this.#had(name),
    );
    return [...this.#declared, ...rising.map(([name, flag]) => this.#declare(name, flag, rules))];
  }

  /** Of the sessions that have it before the update, in percent. */
  #had(name: string): number {
    return this.#args.from?.flags?.[name]?.percentage ?? 0;
  }

  #declare(name: string, flag: Flag, after: readonly pulumi.Resource[] = []): aws.ssm.Parameter {
    const { app, environment, transition } = this.#args;
    return new aws.ssm.Parameter(
      flagResourceName(name),
      {
        name: flagParameter(app, environment, name),
        type: "String",
        description: `Who has the flag ${name}; sluice flags disable turns it off`,
        value: transition.urn.apply(() => formatFlag(flag)),
        tags: { "sluice:role": "flag", "sluice:flag": name },
      },
      { ...this.#opts, dependsOn: [...after] },
    );
  }
}

/**
 * Ends the program where a flag would rise past the next stop of its plan, or would be removed while sessions have it,
 * before anything is registered.
 *
 * @throws RunError with every reason at once
 */
export function refuseOffPlan(flags: Readonly<Record<string, Flag>>, from: Recorded | undefined): void {
  const found = [...offPlan(flags, from), ...endsInUse(flags, from)];
  if (found.length === 0) return;
  const lines = found.map(({ where, why, remedy }) => `  ${where}: ${why}. Mend it: ${remedy}`);
  throw new pulumi.RunError(["this change of flags is refused; nothing was changed:", ...lines].join("\n"));
}
