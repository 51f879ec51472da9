import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";
import { PREVIEW_HEADER, deploymentName, releaseTags, targetGroupName } from "../../model/names";
import type { Priorities } from "../../model/priorities";
import type { Colour } from "../../model/release";
import type { ServiceSettings } from "../../model/services";
import { labelsOf } from "./labels";
import { type PermanentArgs, SERVICE_PORT } from "./workloadArgs";

/** What the rules of one public service have in common. */
export interface Exposed {
  app: string;
  environment: Environment;
  service: string;
  settings: ServiceSettings;
  priorities: Priorities;
  listenerArn: pulumi.Input<string>;
  /** Conditions that select the service: its host, or its path where there is no domain. */
  conditions: aws.types.input.lb.ListenerRuleCondition[];
}

/** One colour's target group. */
export function targetGroup(
  args: Exposed & { colour: Colour; vpcId: pulumi.Input<string>; deregistrationSeconds: number },
  opts: pulumi.CustomResourceOptions,
): aws.lb.TargetGroup {
  const { app, environment, service, colour, settings } = args;
  return new aws.lb.TargetGroup(
    `${service}-${colour}`,
    {
      name: targetGroupName(app, environment, service, colour),
      vpcId: args.vpcId,
      targetType: "ip",
      protocol: "HTTP",
      // Each target registers with its own port; one here that followed the service's would replace the group
      // under the rules that use it.
      port: SERVICE_PORT,
      deregistrationDelay: args.deregistrationSeconds,
      healthCheck: {
        path: settings.health.readiness,
        protocol: "HTTP",
        matcher: "200",
        interval: 5,
        timeout: 4,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      },
      tags: releaseTags({ app, environment, service, role: "target", colour }),
    },
    opts,
  );
}

/** Who reaches a colour by header. */
export interface Preview {
  /** Address ranges. */
  sources: readonly string[];
  /** What the header's value ends in; whoever knows it comes from anywhere, and `sources` count no more. */
  secret?: pulumi.Output<string> | undefined;
}

/**
 * Reaches one colour whatever its share, for checks before and during a release. It also puts the target
 * group into a listener rule from the start: without that its gated pods would never become ready.
 */
export function headerRule(
  args: Exposed & Preview & { colour: Colour; targetGroupArn: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions,
): aws.lb.ListenerRule {
  const { app, environment, service, colour } = args;
  return new aws.lb.ListenerRule(
    `${service}-${colour}-header`,
    {
      listenerArn: args.listenerArn,
      priority: args.priorities[colour],
      conditions: [
        ...args.conditions,
        { httpHeader: { httpHeaderName: PREVIEW_HEADER, values: [previewValue(colour, args.secret)] } },
        // Whoever may send the header reaches unreleased code: a secret or an address decides who may.
        ...(args.secret ? [] : [{ sourceIp: { values: [...args.sources] } }]),
      ],
      actions: [{ type: "forward", targetGroupArn: args.targetGroupArn }],
      tags: releaseTags({ app, environment, service, role: "header", colour }),
    },
    opts,
  );
}

/** `green`, or `green-` and the secret; as secret as that. */
const previewValue = (colour: Colour, secret: pulumi.Output<string> | undefined): pulumi.Input<string> =>
  secret ? pulumi.secret(pulumi.interpolate`${colour}-${secret}`) : colour;

/** Hands the target group to the controller, which keeps it equal to the Service's ready pods. */
export function binding(
  args: PermanentArgs & { targetGroupArn: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource {
  const name = deploymentName(args.service, args.colour);
  return new k8s.apiextensions.CustomResource(
    name,
    {
      apiVersion: "elbv2.k8s.aws/v1beta1",
      kind: "TargetGroupBinding",
      metadata: { name, namespace: args.namespace, labels: labelsOf(args) },
      // `networking` is left out on purpose: the way from load balancer to pods is the load balancer's.
      spec: {
        serviceRef: { name, port: SERVICE_PORT },
        targetGroupARN: args.targetGroupArn,
        targetType: "ip",
      },
    },
    opts,
  );
}
