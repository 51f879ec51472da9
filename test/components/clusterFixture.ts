import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Cluster, type ClusterArgs } from "../../components/cluster/cluster";
import type { Environment } from "../../model/environments";
import { type RecordingMocks, record, settled } from "./mocks";

/** What a resource was registered with beside its inputs. */
export interface Optioned {
  type: string;
  name: string;
  opts: pulumi.ResourceOptions & { protect?: boolean; retainOnDelete?: boolean };
}

/**
 * Options of a component that write down those of everything in it. Transforms end there: mocks have no
 * engine that would call them.
 */
export function recordingOptions(): { seen: Optioned[]; opts: pulumi.ComponentResourceOptions } {
  const seen: Optioned[] = [];
  const transformation: pulumi.ResourceTransformation = ({ type, name, props, opts }) => {
    seen.push({ type, name, opts });
    return { props, opts: { ...opts, transforms: [] } };
  };
  return { seen, opts: { transformations: [transformation] } };
}

export const network = {
  vpcId: pulumi.output("vpc-1"),
  publicSubnetIds: pulumi.output(["subnet-1", "subnet-2"]),
  privateSubnetIds: pulumi.output(["subnet-3", "subnet-4"]),
};

export const key = { arn: pulumi.output("arn:key") };

export const clusterNameOf = (environment: Environment) => `app-${environment}-cluster`;

export const clusterArgs = (environment: Environment): ClusterArgs => ({
  name: clusterNameOf(environment),
  app: "app",
  environment,
  network,
  key,
  access: { admins: [], deployers: [] },
  namespace: "app",
  processors: { least: 3, most: 12 },
});

/** A cluster of its own, with the mocks that recorded it. */
export async function madeCluster(
  environment: Environment = "dev",
  args: Partial<ClusterArgs> = {},
): Promise<{ mocks: RecordingMocks; cluster: Cluster; seen: Optioned[] }> {
  const mocks = record();
  const { seen, opts } = recordingOptions();
  const cluster = new Cluster("cluster", { ...clusterArgs(environment), ...args }, opts);
  await settled();
  return { mocks, cluster, seen };
}

/** What runs in a cluster takes this much of it; to be made after the mocks. */
export function clusterHandle(): Pick<
  Cluster,
  "name" | "provider" | "ready" | "securityGroupId" | "oidcProviderArn" | "oidcIssuer"
> {
  const provider = new k8s.Provider("provider", { kubeconfig: "{}" });
  return {
    name: pulumi.output("cluster"),
    provider,
    ready: [provider],
    securityGroupId: pulumi.output("sg-cluster"),
    oidcProviderArn: pulumi.output("arn:oidc"),
    oidcIssuer: pulumi.output("https://issuer"),
  };
}

/** A Statement of an IAM policy document. */
export interface Statement {
  Effect: string;
  Principal?: Record<string, string>;
  Action: string | string[];
  Resource?: string | string[];
  Condition?: Record<string, Record<string, string | string[]>>;
}

export const statements = (document: unknown): Statement[] =>
  (JSON.parse(document as string) as { Statement: Statement[] }).Statement;

/** The service account that may take a role, as `namespace:name`, and nothing where it is anybody else. */
export function takenBy(assumeRolePolicy: unknown): string | undefined {
  const [trust, ...others] = statements(assumeRolePolicy);
  const equals = trust?.Condition?.["StringEquals"];
  if (others.length > 0 || trust?.Action !== "sts:AssumeRoleWithWebIdentity") return undefined;
  if (equals?.["issuer:aud"] !== "sts.amazonaws.com") return undefined;
  return String(equals["issuer:sub"]).replace("system:serviceaccount:", "");
}
