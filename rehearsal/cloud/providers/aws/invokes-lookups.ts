import { CloudError } from "../../faults";
import { currentVersion, secretAt, versionsOf } from "../../secrets/versions";
import type { World } from "../../world";
import type { Values } from "../behaviour";
import type { Scope } from "./config";
import { apiError } from "./errors";
import { textOf } from "./recipe";

type Function = (args: Values, scope: Scope, world: World) => Values;

/** Versions of EKS's add-ons; a newer one for a newer cluster is of no matter here. */
const ADDONS: Readonly<Record<string, string>> = {
  "aws-ebs-csi-driver": "v1.48.0-eksbuild.1",
  "aws-guardduty-agent": "v1.10.0-eksbuild.2",
  "aws-mountpoint-s3-csi-driver": "v2.0.0-eksbuild.1",
  coredns: "v1.12.4-eksbuild.1",
  "eks-pod-identity-agent": "v1.3.8-eksbuild.2",
  "kube-proxy": "v1.33.3-eksbuild.10",
  "metrics-server": "v0.8.0-eksbuild.2",
  "snapshot-controller": "v8.3.0-eksbuild.1",
  "vpc-cni": "v1.20.4-eksbuild.1",
};

const getAddonVersion: Function = (args, { region }) => {
  const name = textOf(args.addonName);
  const version = ADDONS[name];
  if (version === undefined)
    throw new Error(
      `the local cloud knows no EKS add-on ${name}; it knows ${Object.keys(ADDONS).join(", ")}`,
    );
  return { id: name, addonName: name, kubernetesVersion: args.kubernetesVersion ?? "", region, version };
};

const getZone: Function = (args, _, world) => {
  const [id, name] = [textOf(args.zoneId), textOf(args.name).replace(/\.$/, "")];
  const held = world
    .all("aws:route53/zone:Zone")
    .find((zone) => zone.id === id || (name !== "" && zone.properties.name === name));
  if (!held) throw new Error(`no matching Route 53 Hosted Zone found (${id || name})`);
  const { arn, comment, nameServers, primaryNameServer, tags, ...zone } = held.properties as Values;
  return {
    id: held.id,
    zoneId: held.id,
    name: zone.name ?? "",
    arn: arn ?? "",
    comment: comment ?? "",
    nameServers: nameServers ?? [],
    primaryNameServer: primaryNameServer ?? "",
    tags: tags ?? {},
    privateZone: false,
    resourceRecordSetCount: 2,
    callerReference: "",
    linkedServiceDescription: "",
    linkedServicePrincipal: "",
  };
};

function secretOf(args: Values, property: string, operation: string, world: World) {
  const held = secretAt(world, textOf(args[property]) || textOf(args.name));
  if (held) return held;
  throw apiError(
    { service: "Secrets Manager" },
    operation,
    new CloudError("ResourceNotFoundException", "Secrets Manager can't find the specified secret."),
  );
}

const getSecret: Function = (args, { region }, world) => {
  const held = secretOf(args, "arn", "DescribeSecret", world);
  const { name, description, kmsKeyId, policy, tags } = held.properties as Values;
  return {
    id: held.id,
    arn: held.id,
    name: name ?? "",
    description: description ?? "",
    kmsKeyId: kmsKeyId ?? "",
    policy: policy ?? "",
    tags: tags ?? {},
    region,
    createdDate: "",
    lastChangedDate: "",
    type: "",
  };
};

const getSecretVersion: Function = (args, { region }, world) => {
  const secret = secretOf(args, "secretId", "GetSecretValue", world);
  const properties = currentVersion(world, secret.id)?.properties as Values | undefined;
  if (!properties)
    throw apiError(
      { service: "Secrets Manager" },
      "GetSecretValue",
      new CloudError(
        "ResourceNotFoundException",
        "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
      ),
    );
  return {
    id: `${secret.id}|${textOf(properties.versionId)}`,
    arn: secret.id,
    secretArn: secret.id,
    secretId: args.secretId ?? "",
    secretString: properties.secretString ?? "",
    secretBinary: properties.secretBinary ?? "",
    versionId: properties.versionId ?? "",
    versionStages: properties.versionStages ?? [],
    region,
    createdDate: "",
  };
};

const getSecretVersions: Function = (args, { region }, world) => {
  const secret = secretOf(args, "secretId", "ListSecretVersionIds", world);
  return {
    id: secret.id,
    arn: secret.id,
    secretArn: secret.id,
    secretId: args.secretId ?? "",
    name: (secret.properties as Values).name ?? "",
    region,
    versions: versionsOf(world, secret.id).map(({ properties }) => {
      const { versionId, versionStages } = properties as Values;
      return {
        versionId: versionId ?? "",
        versionStages: versionStages ?? [],
        createdTime: "",
        lastAccessedDate: "",
      };
    }),
  };
};

const getApplication: Function = (args, { region }) => {
  const id = textOf(args.applicationId);
  return {
    id,
    applicationId: id,
    name: id.split("/").pop() ?? "",
    region,
    requiredCapabilities: ["CAPABILITY_IAM", "CAPABILITY_RESOURCE_POLICY"],
    semanticVersion: textOf(args.semanticVersion) || "1.1.627",
    sourceCodeUrl: "",
    templateUrl: "",
  };
};

const getServicePrincipal: Function = (args, scope) => {
  const region = textOf(args.region) || scope.region;
  const serviceName = textOf(args.serviceName);
  const suffix = scope.partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  const name = `${serviceName}.${suffix}`;
  return { id: `${serviceName}.${region}.${suffix}`, name, region, serviceName, suffix };
};

/** Functions that look up what the world holds, or what AWS has for everybody. */
export const LOOKUPS: Readonly<Record<string, Function>> = {
  "aws:eks/getAddonVersion:getAddonVersion": getAddonVersion,
  "aws:route53/getZone:getZone": getZone,
  "aws:secretsmanager/getSecret:getSecret": getSecret,
  "aws:secretsmanager/getSecretVersion:getSecretVersion": getSecretVersion,
  "aws:secretsmanager/getSecretVersions:getSecretVersions": getSecretVersions,
  "aws:serverlessrepository/getApplication:getApplication": getApplication,
  "aws:index/getServicePrincipal:getServicePrincipal": getServicePrincipal,
};
