import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";
import { type Known, formatKnown, releaseParameter } from "../../model/known";

export interface PublishedReleaseArgs {
  app: string;
  environment: Environment;
  /** Known once everything that the release asks for is reached: what was not reached is not published. */
  known: pulumi.Input<Known>;
}

/**
 * Says outside the engine which colour is trusted, so that a rollback needs nothing but credentials: the weights of
 * a rule do not tell the live colour from a candidate. A shift does not change it.
 */
export const publishedRelease = (
  name: string,
  { app, environment, known }: PublishedReleaseArgs,
  opts: pulumi.CustomResourceOptions,
): aws.ssm.Parameter =>
  new aws.ssm.Parameter(
    name,
    {
      name: releaseParameter(app, environment),
      type: "String",
      description:
        "Which colour is live, what both run, and which may be gone back to; read by sluice rollback",
      value: pulumi.output(known).apply(formatKnown),
      tags: { "sluice:role": "release" },
    },
    opts,
  );
