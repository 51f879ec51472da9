import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Environment } from "../../../model/environments";
import { secretWithValue } from "../../backends/secret";
import { externalSecret, secretStore } from "../../backends/secretStore";
import type { Cluster } from "../../cluster/cluster";
import type { ExternalSecrets } from "../../cluster/externalSecrets";
import type { Key } from "../../key";
import { ADMIN_SECRET } from "./grafanaValues";
import { MONITORING_NAMESPACE } from "./names";

export interface GrafanaPasswordArgs {
  environment: Environment;
  region: string;
  /** `<app>-<environment>`, before every name in AWS. */
  stack: string;
  cluster: Pick<Cluster, "oidcProviderArn" | "oidcIssuer" | "provider">;
  key: Pick<Key, "arn">;
  operator: Pick<ExternalSecrets, "release">;
  /** The namespace, from the Namespace itself. */
  home: pulumi.Input<string>;
}

/**
 * The administrator of Grafana, whose password nobody has chosen: from Secrets Manager into a Kubernetes Secret. Grafana
 * takes it when it first starts, and keeps nothing, so a new one applies with the next pod.
 */
export function grafanaPassword(
  name: string,
  args: GrafanaPasswordArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource {
  const { environment, region, cluster, key, operator, home, stack } = args;
  const named = `${stack}-grafana`;
  const inCluster = { ...opts, provider: cluster.provider };
  const password = new random.RandomPassword(named, { length: 40, special: false }, opts);
  const secret = secretWithValue(
    named,
    {
      description: `Administrator of the Grafana of ${stack}`,
      environment,
      key,
      value: { user: "admin", password: password.result },
    },
    opts,
  );
  const store = secretStore(
    name,
    {
      cluster,
      region,
      namespace: MONITORING_NAMESPACE,
      home,
      operator,
      secretArns: [secret.arn],
      keyArn: key.arn,
    },
    inCluster,
  );
  return externalSecret(
    named,
    {
      secret: ADMIN_SECRET.existingSecret,
      home,
      store,
      arn: secret.arn,
      template: {
        [ADMIN_SECRET.userKey]: "{{ .user }}",
        [ADMIN_SECRET.passwordKey]: "{{ .password }}",
      },
    },
    inCluster,
  );
}
