import { CloudError } from "../../../faults";
import type { World } from "../../../world";
import { isObject, type Value } from "../../behaviour";
import { hex, textOf, texts, type Recipe } from "../recipe";
import { ec2, VPC, vpcMustExist } from "./ec2-common";

/** Whether a security group exists: a program's own, a VPC's default, or one that EKS made for a cluster. */
export function securityGroupExists(world: World, id: string): boolean {
  const clusters = world
    .all("aws:eks/cluster:Cluster")
    .map(({ properties }) => properties.vpcConfig as Value);
  return (
    world.get("aws:ec2/securityGroup:SecurityGroup", id) !== undefined ||
    world.all(VPC).some(({ properties }) => properties.defaultSecurityGroupId === id) ||
    clusters.some((config) => isObject(config) && config.clusterSecurityGroupId === id)
  );
}

const securityGroupRule = (noun: string): Recipe => ({
  ...ec2("SecurityGroupRules", "sgr", "security-group-rule"),
  operations: [`AuthorizeSecurityGroup${noun}`, "ModifySecurityGroupRules", `RevokeSecurityGroup${noun}`],
  notFound: "InvalidSecurityGroupRuleId.NotFound",
  make: (m) => {
    const id = `sgr-0${hex(16)}`;
    return { id, outputs: { arn: m.arn("ec2", `security-group-rule/${id}`), securityGroupRuleId: id } };
  },
});

export const SECURITY_GROUPS: Readonly<Record<string, Recipe>> = {
  "aws:ec2/securityGroup:SecurityGroup": {
    ...ec2("SecurityGroup", "sg", "security-group"),
    notFound: "InvalidGroup.NotFound",
    identity: {
      by: ["vpcId", "name"],
      code: "InvalidGroup.Duplicate",
      message: (v) => `The security group '${textOf(v.name)}' already exists for VPC '${textOf(v.vpcId)}'`,
    },
    refuseWrite: vpcMustExist,
    refuseDelete: (held, world) => {
      const users = ["aws:lb/loadBalancer:LoadBalancer", "aws:lambda/function:Function"].flatMap((t) =>
        world.all(t),
      );
      const user = users.find((u) => texts(u.properties.securityGroups as never).includes(held.id));
      if (user) {
        throw new CloudError(
          "DependencyViolation",
          `resource ${held.id} has a dependent object (${user.id})`,
        );
      }
    },
  },
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": {
    ...ec2("SecurityGroup", "sg", "security-group"),
    make: (m) => {
      const vpc = m.world.get(VPC, m.text("vpcId"));
      const id = textOf(vpc?.properties.defaultSecurityGroupId as never) || `sg-0${hex(16)}`;
      const description = "default VPC security group";
      return {
        id,
        outputs: {
          arn: m.arn("ec2", `security-group/${id}`),
          ownerId: m.scope.account,
          name: "default",
          description,
        },
      };
    },
  },
  "aws:ec2/securityGroupRule:SecurityGroupRule": {
    ...securityGroupRule("Ingress"),
    make: () => ({
      id: `sgrule-${parseInt(hex(8), 16)}`,
      outputs: { securityGroupRuleId: `sgr-0${hex(16)}` },
    }),
  },
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": securityGroupRule("Ingress"),
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": securityGroupRule("Egress"),
};
