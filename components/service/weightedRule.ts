import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { releaseTags } from "../../model/names";
import { COLOURS, type Colour, type Shares } from "../../model/release";
import type { Exposed } from "./exposure";

export interface WeightedRuleArgs extends Exposed {
  /** How this service's traffic is shared: the release's shares, but for `sole`. */
  traffic: Shares;
  /** Whether one colour has all of it, whatever the release's shares are, because the other lacks the service. */
  sole: boolean;
  targetGroupArns: Record<Colour, pulumi.Input<string>>;
  /** How long a client stays with the colour that it got, in seconds, while both have traffic. */
  stickinessSeconds: number;
}

/** A weighted rule's resource name; guards and readers of the state find it by this. */
export const weightedRuleName = (service: string): string => `${service}-weighted`;

/**
 * The rule that a release edits: it shares a service's traffic between its colours.
 *
 * Both target groups are always named, one of them at weight 0: a forward to one group loses stickiness
 * settings. Stickiness is off at 0 and 100, for a client that sticks to a drained colour gets 503s.
 */
export function weightedRule(
  args: WeightedRuleArgs,
  opts: pulumi.CustomResourceOptions,
): aws.lb.ListenerRule {
  const { app, environment, service, traffic } = args;
  return new aws.lb.ListenerRule(
    weightedRuleName(service),
    {
      listenerArn: args.listenerArn,
      priority: args.priorities.weighted,
      conditions: args.conditions,
      actions: [
        {
          type: "forward",
          forward: {
            targetGroups: COLOURS.map((colour) => ({
              arn: args.targetGroupArns[colour],
              weight: traffic[colour],
            })),
            stickiness: {
              enabled: COLOURS.every((colour) => traffic[colour] > 0),
              duration: args.stickinessSeconds,
            },
          },
        },
      ],
      // Readers of the state and a rollback by hand look for rules that share: this one does not.
      tags: releaseTags({ app, environment, service, role: args.sole ? "sole" : "weighted" }),
    },
    opts,
  );
}
