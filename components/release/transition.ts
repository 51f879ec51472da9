import * as pulumi from "@pulumi/pulumi";
import { transitionInputs } from "../../model/footprint";
import type { Transition as Intent } from "../../model/transition";

/**
 * From what the state recorded to what configuration asks for, in one place of the preview, where people
 * and policies read it. It has no children: every weighted rule depends on it, so that a policy which
 * refuses it stops the update before a rule moves.
 */
export class Transition extends pulumi.ComponentResource {
  constructor(name: string, intent: Intent, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:release:Transition", name, transitionInputs(intent), opts);
    this.registerOutputs({});
  }
}
