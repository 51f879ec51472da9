import { secret } from "./values";

/** Stands for what is known only after a deployment; a DNS label, and so valid nearly anywhere. */
export const UNKNOWN = "known-after-deployment";

/** Likewise, for an output of a named resource: `known-after-deployment.database.arn`. */
export const later = (name: string, output: string): string => `${UNKNOWN}.${name}.${output}`;

type Properties = Readonly<Record<string, unknown>>;

/** Outputs besides its inputs that others put into text of their own: a whole text is unknown if a part is. */
export function outputsOf(type: string, name: string, inputs: Properties): Record<string, unknown> {
  const outputs = (...names: string[]) =>
    Object.fromEntries(names.map((output) => [output, later(name, output)]));
  if (type.startsWith("kubernetes:")) return kubernetesOutputs(name, inputs);
  switch (type) {
    case "awsx:ec2:Vpc":
      return vpcOutputs(name, inputs);
    case "eks:index:Cluster":
      return clusterOutputs(name, inputs);
    case "random:index/randomPassword:RandomPassword":
      return { result: secret(later(name, "result")) };
    case "aws:rds/instance:Instance":
      return { port: 5432, ...inputs, ...outputs("arn", "address", "endpoint", "identifier") };
    case "aws:s3/bucket:Bucket":
      return { ...(inputs["bucket"] === undefined && outputs("bucket")), ...outputs("arn") };
    default:
      return { ...(inputs["name"] === undefined && outputs("name")), ...outputs("arn", "dnsName") };
  }
}

/** An object without a name gets Pulumi's own, the resource's with random characters. */
function kubernetesOutputs(name: string, inputs: Properties): Record<string, unknown> {
  const metadata = (inputs["metadata"] ?? {}) as Properties;
  return { metadata: { ...metadata, name: metadata["name"] ?? `${name}-${UNKNOWN}` } };
}

function vpcOutputs(name: string, inputs: Properties): Record<string, unknown> {
  const zones = Number(inputs["numberOfAvailabilityZones"] ?? 3);
  const each = (output: string) =>
    Array.from({ length: zones }, (_, zone) => later(name, `${output}-${zone}`));
  return {
    vpcId: later(name, "vpcId"),
    publicSubnetIds: each("public"),
    privateSubnetIds: each("private"),
    isolatedSubnetIds: [],
  };
}

function clusterOutputs(name: string, inputs: Properties): Record<string, unknown> {
  const text = (output: string) => later(name, output);
  return {
    kubeconfig: secret({}),
    kubeconfigJson: secret("{}"),
    clusterSecurityGroupId: text("clusterSecurityGroupId"),
    clusterIngressRuleId: text("clusterIngressRuleId"),
    nodeSecurityGroupId: text("nodeSecurityGroupId"),
    oidcProviderArn: text("oidcProviderArn"),
    oidcProviderUrl: text("oidcProviderUrl"),
    oidcIssuer: text("oidcIssuer"),
    eksCluster: {
      name: inputs["name"] ?? name,
      arn: text("arn"),
      endpoint: text("endpoint"),
      version: inputs["version"] ?? text("version"),
      certificateAuthority: { data: text("certificateAuthority") },
      vpcConfig: { clusterSecurityGroupId: text("clusterSecurityGroupId") },
    },
  };
}

/**
 * What a program is told that asks a provider.
 *
 * @throws Error where only an account could answer
 */
export function answerTo(token: string, inputs: Properties, region: string): Record<string, unknown> {
  switch (token) {
    case "pulumi:pulumi:readStackResourceOutputs":
      // As before the first update: what the whole stack would create.
      return { outputs: {} };
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { accountId: later("account", "id"), arn: later("account", "arn"), userId: UNKNOWN };
    case "aws:index/getRegion:getRegion":
      return { id: region, name: region, region };
    case "aws:index/getPartition:getPartition":
      return { partition: "aws", dnsSuffix: "amazonaws.com" };
    case "aws:index/getAvailabilityZones:getAvailabilityZones":
      return { names: ["a", "b", "c"].map((zone) => region + zone), zoneIds: [] };
    case "aws:ec2/getManagedPrefixList:getManagedPrefixList":
      return { ...inputs, id: later("prefix-list", "id") };
    case "aws:route53/getZone:getZone":
      return { ...inputs, name: inputs["name"] ?? UNKNOWN, arn: later("zone", "arn") };
    case "aws:secretsmanager/getSecretVersions:getSecretVersions":
      // What it would make does not depend on whether somebody has put a key there.
      return { ...inputs, versions: [{ versionId: UNKNOWN, versionStages: ["AWSCURRENT"] }] };
    default:
      throw new Error(`the program asks for ${token}, which only an account could answer`);
  }
}
