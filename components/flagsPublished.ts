import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../model/environments";
import { type FlagsPublished, flagsParameter, formatPublished } from "../model/flags/published";

export interface FlagsPublishedArgs {
  app: string;
  environment: Environment;
  /** Known once everything that flags ask for is reached. */
  published: pulumi.Input<FlagsPublished>;
}

/**
 * Says outside the engine which alarms take which flag back, and to what percentage, so that whoever watches needs
 * nothing but credentials. It is apart from what is published of the release: that is judged anew from each change on.
 */
export const flagsPublished = (
  name: string,
  { app, environment, published }: FlagsPublishedArgs,
  opts: pulumi.CustomResourceOptions,
): aws.ssm.Parameter =>
  new aws.ssm.Parameter(
    name,
    {
      name: flagsParameter(app, environment),
      type: "String",
      // What does not fit into a standard parameter costs five cents a month.
      tier: "Intelligent-Tiering",
      description: "Which alarms take which flag back, and to what percentage; read by sluice watch",
      value: pulumi.output(published).apply(formatPublished),
      // It follows flags, as the release's follows traffic.
      tags: { "sluice:role": "release" },
    },
    opts,
  );
