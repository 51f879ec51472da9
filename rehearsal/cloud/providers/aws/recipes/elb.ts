import { CloudError } from "../../../faults";
import type { World } from "../../../world";
import { LISTENER, LISTENER_RULE, LOAD_BALANCER, TARGET_GROUP } from "../../../balancer/resources";
import { isObject, type Value, type Values } from "../../behaviour";
import { decimals, hex, mustExist, objects, textOf, texts, type Making, type Recipe } from "../recipe";
import { HOSTED_ZONES, refuseOverQuota, targetGroupsMustExist, userOf } from "./elb-common";
import { securityGroupExists } from "./security-groups";

const SERVICE = "Elastic Load Balancing v2";

/** Everything after the last `:` of an ARN. */
const resourceOf = (arn: string): string => arn.slice(arn.lastIndexOf(":") + 1);

function loadBalancer(m: Making): { id: string; outputs: Values } {
  const kind = { application: "app", network: "net", gateway: "gwy" }[m.text("loadBalancerType")] ?? "app";
  const id = m.arn("elasticloadbalancing", `loadbalancer/${kind}/${m.text("name")}/${hex(16)}`);
  const subnet = m.world.get("aws:ec2/subnet:Subnet", texts(m.inputs.subnets)[0] ?? "");
  return {
    id,
    outputs: {
      arn: id,
      arnSuffix: resourceOf(id).replace(/^loadbalancer\//, ""),
      dnsName:
        (m.inputs.internal === true ? "internal-" : "") +
        `${m.text("name")}-${decimals(9)}.${m.scope.region}.elb.amazonaws.com`,
      zoneId: HOSTED_ZONES[m.scope.region] ?? "Z35SXDOTRQ7X7K",
      vpcId: textOf(subnet?.properties.vpcId as Value),
      ipAddressType: "ipv4",
    },
  };
}

/** AWS keeps port and protocol of a health check apart from the group's; these are its own defaults. */
function targetGroup(m: Making): { id: string; outputs: Values } {
  const id = m.arn("elasticloadbalancing", `targetgroup/${m.text("name")}/${hex(16)}`);
  const check = isObject(m.inputs.healthCheck) ? m.inputs.healthCheck : {};
  const http = /^HTTPS?$/.test(textOf(check.protocol) || m.text("protocol"));
  return {
    id,
    outputs: {
      arn: id,
      arnSuffix: resourceOf(id),
      ipAddressType: "ipv4",
      protocolVersion: "HTTP1",
      loadBalancingAlgorithmType: "round_robin",
      loadBalancingAnomalyMitigation: "off",
      loadBalancingCrossZoneEnabled: "use_load_balancer_configuration",
      loadBalancerArns: [],
      healthCheck: {
        enabled: true,
        healthyThreshold: 3,
        unhealthyThreshold: 3,
        interval: 30,
        timeout: m.text("protocol") === "HTTP" ? 6 : 10,
        port: "traffic-port",
        protocol: "HTTP",
        matcher: http ? "200" : "",
        path: http ? "/" : "",
      },
      stickiness: { enabled: false, type: "lb_cookie", cookieDuration: 86400, cookieName: "" },
    },
  };
}

/** A target without a port of its own gets requests on its group's. */
function targetOf(attachment: Record<string, unknown>, world: World): { id: string; port: number } {
  const group = world.get(TARGET_GROUP, textOf(attachment.targetGroupArn as Value));
  return {
    id: textOf(attachment.targetId as Value),
    port: Number(attachment.port || group?.properties.port || 0),
  };
}

export const ELB: Readonly<Record<string, Recipe>> = {
  [LOAD_BALANCER]: {
    service: SERVICE,
    operations: ["CreateLoadBalancer", "ModifyLoadBalancerAttributes", "DeleteLoadBalancer"],
    notFound: "LoadBalancerNotFound",
    make: loadBalancer,
    identity: {
      by: ["name"],
      code: "DuplicateLoadBalancerName",
      message: (v) =>
        `A load balancer with the same name '${textOf(v.name)}' exists, but with different settings`,
    },
    refuseWrite: (m) => {
      for (const id of texts(m.inputs.subnets)) {
        const found = m.world.get("aws:ec2/subnet:Subnet", id);
        mustExist(found, "SubnetNotFound", `The subnet ID '${id}' does not exist`);
      }
      for (const id of texts(m.inputs.securityGroups)) {
        if (securityGroupExists(m.world, id)) continue;
        throw new CloudError("InvalidSecurityGroup", `Security group '${id}' does not exist`);
      }
    },
    refuseDelete: ({ id, properties }) => {
      if (properties.enableDeletionProtection !== true) return;
      throw new CloudError(
        "OperationNotPermitted",
        `Load balancer '${id}' cannot be deleted because deletion protection is enabled`,
      );
    },
  },
  [TARGET_GROUP]: {
    service: SERVICE,
    operations: ["CreateTargetGroup", "ModifyTargetGroup", "DeleteTargetGroup"],
    notFound: "TargetGroupNotFound",
    make: targetGroup,
    identity: {
      by: ["name"],
      code: "DuplicateTargetGroupName",
      message: (v) =>
        `A target group with the same name '${textOf(v.name)}' exists, but with different settings`,
    },
    refuseWrite: (m) => {
      const vpc = m.text("vpcId");
      const found = m.world.get("aws:ec2/vpc:Vpc", vpc);
      if (vpc) mustExist(found, "ValidationError", `The VPC ID '${vpc}' is not found`);
    },
    refuseDelete: ({ id }, world) => {
      if (userOf(world, id) === undefined) return;
      throw new CloudError(
        "ResourceInUse",
        `Target group '${id}' is currently in use by a listener or a rule`,
      );
    },
  },
  [LISTENER]: {
    service: SERVICE,
    operations: ["CreateListener", "ModifyListener", "DeleteListener"],
    notFound: "ListenerNotFound",
    make: (m) => {
      const id = `${m.text("loadBalancerArn").replace(":loadbalancer/", ":listener/")}/${hex(16)}`;
      const secure = /^(HTTPS|TLS)$/.test(m.text("protocol"));
      return {
        id,
        outputs: {
          arn: id,
          protocol: "HTTP",
          ...(secure && { sslPolicy: "ELBSecurityPolicy-2016-08" }),
          routingHttpResponseServerEnabled: true,
        },
      };
    },
    identity: {
      by: ["loadBalancerArn", "port"],
      code: "DuplicateListener",
      message: () => "A listener already exists on this port for this load balancer",
    },
    refuseWrite: (m) => {
      const arn = m.text("loadBalancerArn");
      mustExist(
        m.world.get(LOAD_BALANCER, arn),
        "LoadBalancerNotFound",
        `One or more load balancers not found: '${arn}'`,
      );
      targetGroupsMustExist(m.world, m.inputs.defaultActions);
    },
  },
  [LISTENER_RULE]: {
    service: SERVICE,
    operations: ["CreateRule", "ModifyRule", "DeleteRule"],
    notFound: "RuleNotFound",
    make: (m) => {
      const listener = m.text("listenerArn");
      const id = `${listener.replace(":listener/", ":listener-rule/")}/${hex(16)}`;
      const taken = m.world
        .all(LISTENER_RULE)
        .filter(({ properties }) => properties.listenerArn === listener)
        .map(({ properties }) => Number(properties.priority));
      const actions = objects(m.inputs.actions).map((_, index) => ({ order: index + 1 }));
      return { id, outputs: { arn: id, priority: Math.max(0, ...taken) + 1, actions } };
    },
    identity: {
      by: ["listenerArn", "priority"],
      code: "PriorityInUse",
      message: (v) => `Priority '${String(v.priority)}' is currently in use`,
    },
    refuseWrite: (m, id) => {
      const arn = m.text("listenerArn");
      mustExist(m.world.get(LISTENER, arn), "ListenerNotFound", `One or more listeners not found: '${arn}'`);
      targetGroupsMustExist(m.world, m.inputs.actions);
      refuseOverQuota(m.world, arn, id, m.inputs.actions);
    },
  },
  "aws:lb/listenerCertificate:ListenerCertificate": {
    service: SERVICE,
    operations: ["AddListenerCertificates", "AddListenerCertificates", "RemoveListenerCertificates"],
    make: (m) => ({ id: `${m.text("listenerArn")}_${m.text("certificateArn")}` }),
  },
  "aws:lb/targetGroupAttachment:TargetGroupAttachment": {
    service: SERVICE,
    operations: ["RegisterTargets", "RegisterTargets", "DeregisterTargets"],
    make: (m) => ({ id: `${m.text("targetGroupArn")}-${hex(26)}` }),
    made: ({ properties }, world) =>
      world.register(textOf(properties.targetGroupArn as Value), targetOf(properties, world)),
    removed: ({ properties }, world) =>
      world.deregister(textOf(properties.targetGroupArn as Value), targetOf(properties, world)),
    refuseWrite: (m) =>
      mustExist(
        m.world.get(TARGET_GROUP, m.text("targetGroupArn")),
        "TargetGroupNotFound",
        `Target groups '${m.text("targetGroupArn")}' not found`,
      ),
  },
};
