import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Monitoring } from "../../../model/monitoring/monitoring";
import { RECEIVER_SECRET, alertmanagerConfig, secretFiles } from "../../../model/monitoring/routing";
import { secretStore, textSecret } from "../../backends/secretStore";
import type { Cluster } from "../../cluster/cluster";
import type { ExternalSecrets } from "../../cluster/externalSecrets";
import { podIdentity } from "../../cluster/podRole";
import type { Key } from "../../key";
import { ALERTMANAGER_ACCOUNT, MONITORING_NAMESPACE } from "./names";

export interface ReceiversArgs {
  region: string;
  monitoring: Monitoring;
  cluster: Pick<Cluster, "oidcProviderArn" | "oidcIssuer" | "provider">;
  key: Pick<Key, "arn">;
  operator: Pick<ExternalSecrets, "release">;
  /** The namespace, from the Namespace itself. */
  home: pulumi.Input<string>;
}

/** What Alertmanager needs to send what it sends. */
export interface AlertmanagerParts {
  /** The Secret that is its configuration. */
  readonly configuration: string;
  /** Secrets that its configuration names files of. */
  readonly secrets: readonly string[];
  /** The role by which it publishes to SNS. */
  readonly roleArn?: pulumi.Input<string>;
  /** What it waits for. */
  readonly ready: readonly pulumi.Resource[];
}

const CONFIGURATION = "alertmanager";

/**
 * Alertmanager's configuration, and what it must not say: keys of receivers, which somebody puts into parameters of
 * SSM and nobody reads but Alertmanager.
 */
export function receivers(
  name: string,
  args: ReceiversArgs,
  opts: pulumi.CustomResourceOptions,
): AlertmanagerParts {
  const { monitoring, cluster, home } = args;
  const inCluster = { ...opts, provider: cluster.provider };
  const configuration = new k8s.core.v1.Secret(
    `${name}-alertmanager`,
    {
      metadata: { name: CONFIGURATION, namespace: home },
      // JSON is YAML. It holds no secret, but the operator wants one.
      stringData: { "alertmanager.yaml": JSON.stringify(alertmanagerConfig(monitoring), undefined, 2) },
    },
    inCluster,
  );
  const secrets = receiverSecrets(name, args, inCluster);
  const topic = monitoring.receivers.page?.sns;
  const identity = topic === undefined ? undefined : publisher(name, args, topic, opts);
  return {
    configuration: CONFIGURATION,
    secrets: secrets.length > 0 ? [RECEIVER_SECRET] : [],
    ...(identity && { roleArn: identity.role.arn }),
    ready: [configuration, ...secrets, ...(identity?.policies ?? [])],
  };
}

/** Keys of receivers, from the Parameter Store. */
function receiverSecrets(
  name: string,
  { monitoring, cluster, region, key, operator, home }: ReceiversArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource[] {
  const files = Object.entries(secretFiles(monitoring.receivers));
  if (files.length === 0) return [];
  const named = `${name}-receivers`;
  const store = secretStore(
    named,
    {
      cluster,
      region,
      namespace: MONITORING_NAMESPACE,
      home,
      operator,
      source: "ParameterStore",
      secretArns: files.map(([, parameter]) => parameterArn(region, parameter)),
      keyArn: key.arn,
    },
    opts,
  );
  const keys = files.map(([file, from]) => ({ key: file, from, template: `{{ index . "${file}" }}` }));
  return [textSecret(named, { secret: RECEIVER_SECRET, home, store, keys }, opts)];
}

/** Names of parameters that are paths begin with a slash, and their ARNs have it once. */
const parameterArn = (region: string, parameter: string): string =>
  `arn:aws:ssm:${region}:*:parameter/${parameter.replace(/^\//, "")}`;

/** Who publishes to the topic that pages. */
const publisher = (
  name: string,
  { cluster, region, key }: ReceiversArgs,
  topic: string,
  opts: pulumi.CustomResourceOptions,
) =>
  podIdentity(
    `${name}-alertmanager`,
    {
      cluster,
      namespace: MONITORING_NAMESPACE,
      serviceAccount: ALERTMANAGER_ACCOUNT,
      policy: pulumi.jsonStringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: "sns:Publish", Resource: topic },
          {
            Effect: "Allow",
            Action: ["kms:GenerateDataKey", "kms:Decrypt"],
            Resource: key.arn,
            Condition: { StringEquals: { "kms:ViaService": `sns.${region}.amazonaws.com` } },
          },
        ],
      }),
    },
    opts,
  );
