import * as pulumi from "@pulumi/pulumi";

/** Options of a component and the name that the program gave it: what `construct` is called with. */
export interface Construct {
  readonly name: string;
  readonly args: pulumi.Inputs;
  readonly opts: pulumi.ComponentResourceOptions;
}

/** A component that a provider constructs on behalf of a program in another process. */
export class Component extends pulumi.ComponentResource {
  constructor(type: string, { name, args, opts }: Construct) {
    super(type, name, args, opts);
  }

  /** Registers the outputs and answers the construct call with them. */
  finish(state: pulumi.Inputs): pulumi.provider.ConstructResult {
    this.registerOutputs(state);
    return { urn: this.urn, state };
  }
}
