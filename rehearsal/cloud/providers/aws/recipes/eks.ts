import { nowIso } from "../../../../../cloud/clock";
import { isObject, type Values } from "../../behaviour";
import { capitals, hex, mustExist, textOf, texts, type Making, type Recipe } from "../recipe";

const CLUSTER = "aws:eks/cluster:Cluster";

function eks(noun: string, more: Omit<Recipe, "service" | "operations">): Recipe {
  return {
    service: "EKS",
    operations: [`Create${noun}`, `Update${noun}`, `Delete${noun}`],
    notFound: "ResourceNotFoundException",
    ...more,
  };
}

const exists = (noun: string, name: string) => (v: Values) =>
  `${noun} already exists with name: ${textOf(v[name])}`;

const clusterMustExist = (m: Making): void =>
  mustExist(
    m.world.get(CLUSTER, m.text("clusterName")),
    "ResourceNotFoundException",
    `No cluster found for name: ${m.text("clusterName")}.`,
  );

/** The Kubernetes version that a new cluster gets when the program names none. */
const VERSION = "1.33";

function cluster(m: Making): { id: string; outputs: Values } {
  const name = m.text("name");
  const unique = hex(32).toUpperCase();
  const vpc = isObject(m.inputs.vpcConfig) ? m.inputs.vpcConfig : {};
  const subnet = m.world.get("aws:ec2/subnet:Subnet", texts(vpc.subnetIds)[0] ?? "");
  return {
    id: name,
    outputs: {
      arn: m.arn("eks", `cluster/${name}`),
      clusterId: "",
      createdAt: nowIso(),
      endpoint: `https://${unique}.gr7.${m.scope.region}.eks.amazonaws.com`,
      certificateAuthority: {
        data: Buffer.from(`-----BEGIN CERTIFICATE-----\n${capitals(64)}\n`).toString("base64"),
      },
      certificateAuthorities: [{ data: Buffer.from(capitals(64)).toString("base64") }],
      identities: [{ oidcs: [{ issuer: `https://oidc.eks.${m.scope.region}.amazonaws.com/id/${unique}` }] }],
      platformVersion: "eks.9",
      status: "ACTIVE",
      version: VERSION,
      accessConfig: { authenticationMode: "CONFIG_MAP", bootstrapClusterCreatorAdminPermissions: true },
      kubernetesNetworkConfig: { ipFamily: "ipv4", serviceIpv4Cidr: "172.20.0.0/16", serviceIpv6Cidr: "" },
      upgradePolicy: { supportType: "EXTENDED" },
      vpcConfig: {
        clusterSecurityGroupId: `sg-0${hex(16)}`,
        vpcId: textOf(subnet?.properties.vpcId as string),
        publicAccessCidrs: ["0.0.0.0/0"],
      },
    },
  };
}

export const EKS: Readonly<Record<string, Recipe>> = {
  [CLUSTER]: eks("Cluster", {
    make: cluster,
    identity: { by: ["name"], code: "ResourceInUseException", message: exists("Cluster", "name") },
    refuseDelete: (held, world) => {
      const nodes = world
        .all("aws:eks/nodeGroup:NodeGroup")
        .filter((n) => n.properties.clusterName === held.id);
      if (nodes.length > 0) {
        mustExist(undefined, "ResourceInUseException", "Cluster has nodegroups attached");
      }
      if (held.properties.deletionProtection === true) {
        mustExist(undefined, "InvalidRequestException", "Cluster has deletion protection enabled");
      }
    },
  }),
  "aws:eks/nodeGroup:NodeGroup": eks("Nodegroup", {
    make: (m) => {
      const [cluster, name] = [m.text("clusterName"), m.text("nodeGroupName")];
      return {
        id: `${cluster}:${name}`,
        outputs: {
          arn: m.arn(
            "eks",
            `nodegroup/${cluster}/${name}/${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`,
          ),
          status: "ACTIVE",
          amiType: "AL2023_x86_64_STANDARD",
          capacityType: "ON_DEMAND",
          diskSize: 20,
          instanceTypes: ["t3.medium"],
          version: textOf(m.world.get(CLUSTER, cluster)?.properties.version as string),
          releaseVersion: `${VERSION}.3-20250807`,
          resources: [
            { autoscalingGroups: [{ name: `eks-${name}-${hex(8)}` }], remoteAccessSecurityGroupId: "" },
          ],
        },
      };
    },
    identity: {
      by: ["clusterName", "nodeGroupName"],
      code: "ResourceInUseException",
      message: exists("NodeGroup", "nodeGroupName"),
    },
    refuseWrite: clusterMustExist,
  }),
  "aws:eks/addon:Addon": eks("Addon", {
    make: (m) => ({
      id: `${m.text("clusterName")}:${m.text("addonName")}`,
      outputs: {
        arn: m.arn("eks", `addon/${m.text("clusterName")}/${m.text("addonName")}/${hex(8)}`),
        addonVersion: "v1.0.0-eksbuild.1",
        createdAt: nowIso(),
        modifiedAt: nowIso(),
      },
    }),
    volatile: ["modifiedAt"],
    changed: () => ({ modifiedAt: nowIso() }),
    identity: {
      by: ["clusterName", "addonName"],
      code: "ResourceInUseException",
      message: () => "Addon already exists.",
    },
    refuseWrite: clusterMustExist,
  }),
  "aws:eks/accessEntry:AccessEntry": eks("AccessEntry", {
    make: (m) => ({
      id: `${m.text("clusterName")}:${m.text("principalArn")}`,
      outputs: {
        accessEntryArn: m.arn(
          "eks",
          `access-entry/${m.text("clusterName")}/role/${m.scope.account}/${hex(8)}`,
        ),
        createdAt: nowIso(),
        modifiedAt: nowIso(),
        userName: m.text("principalArn"),
      },
    }),
    identity: {
      by: ["clusterName", "principalArn"],
      code: "ResourceInUseException",
      message: () => "The specified access entry resource is already in use on this cluster.",
    },
    refuseWrite: clusterMustExist,
  }),
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
    ...eks("", {
      make: (m) => ({
        id: `${m.text("clusterName")}#${m.text("principalArn")}#${m.text("policyArn")}`,
        outputs: { associatedAt: nowIso(), modifiedAt: nowIso() },
      }),
      refuseWrite: clusterMustExist,
    }),
    operations: ["AssociateAccessPolicy", "AssociateAccessPolicy", "DisassociateAccessPolicy"],
  },
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": eks("PodIdentityAssociation", {
    make: (m) => {
      const associationId = `a-${hex(17)}`;
      const arn = m.arn("eks", `podidentityassociation/${m.text("clusterName")}/${associationId}`);
      return { id: associationId, outputs: { associationId, associationArn: arn } };
    },
    identity: {
      by: ["clusterName", "namespace", "serviceAccount"],
      code: "ResourceInUseException",
      message: (v) => `Association already exists: ${textOf(v.namespace)}/${textOf(v.serviceAccount)}`,
    },
    refuseWrite: clusterMustExist,
  }),
  "aws:eks/fargateProfile:FargateProfile": eks("FargateProfile", {
    make: (m) => {
      const [cluster, name] = [m.text("clusterName"), m.text("fargateProfileName")];
      const arn = m.arn("eks", `fargateprofile/${cluster}/${name}/${hex(8)}`);
      return { id: `${cluster}:${name}`, outputs: { arn, status: "ACTIVE" } };
    },
    refuseWrite: clusterMustExist,
  }),
};
