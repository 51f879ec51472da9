import * as pulumi from "@pulumi/pulumi";
import type { Transition as Intent } from "../../model/transition";

/** All that a rule needs to judge, but the time of the judgement, which differs at every look. */
export type TransitionArgs = Omit<Intent, "now">;

/**
 * From what the state recorded to what configuration asks for, in one place of the preview, where people
 * and policies read it. It has no children: every weighted rule depends on it, so that a policy which
 * refuses it stops the update before a rule moves.
 */
export class Transition extends pulumi.ComponentResource {
  constructor(
    name: string,
    { from, to, services, limits }: TransitionArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("sluice:release:Transition", name, { from, to, services, limits }, opts);
    this.registerOutputs({});
  }
}
