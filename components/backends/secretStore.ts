import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "../cluster/cluster";
import {
  type ExternalSecrets,
  OPERATOR_NAMESPACE,
  OPERATOR_SERVICE_ACCOUNT,
} from "../cluster/externalSecrets";
import { podRole } from "../cluster/podRole";

/** The service account that reads a namespace's secrets, and the store that reads as it. */
export const SECRET_READER = "secrets-reader";

/** The version of the operator's definitions. */
const API_VERSION = "external-secrets.io/v1";

/**
 * How often the operator asks Secrets Manager. With the kubelet's own minute or so, a rotated password is in
 * every pod's volume within three minutes, while the one before it works until the next rotation, days
 * later. Shorter would only be dearer: each secret costs some 43,000 calls, 22 US cents, a month.
 */
export const REFRESH_INTERVAL = "1m0s";

/** Creation of such an object says nothing about its success: without this the program would not wait. */
const UNTIL_READY = { "pulumi.com/waitFor": "condition=Ready", "pulumi.com/timeoutSeconds": "300" };

const LABELS = { "app.kubernetes.io/part-of": "backends", "app.kubernetes.io/managed-by": "pulumi" };

export interface SecretStoreArgs {
  cluster: Pick<Cluster, "oidcProviderArn" | "oidcIssuer">;
  region: string;
  /** The namespace by its name, as the role's trust needs it, before anything exists. */
  namespace: string;
  /** The same from the Namespace itself, so that what is in it comes after it. */
  home: pulumi.Input<string>;
  operator: Pick<ExternalSecrets, "release">;
  /** All that may be read. */
  secretArns: pulumi.Input<string>[];
  /** The key that they are encrypted with. */
  keyArn: pulumi.Input<string>;
}

/**
 * What reads a namespace's secrets from Secrets Manager: a role for exactly those, a service account that
 * has it, leave for the operator to act as this account and no other, and the store.
 */
export function secretStore(
  name: string,
  args: SecretStoreArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource {
  const { cluster, region, namespace, home, operator } = args;
  const role = podRole(
    name,
    { cluster, namespace, serviceAccount: SECRET_READER, policy: readPolicy(args) },
    { parent: opts.parent },
  );
  const metadata = { namespace: home, labels: LABELS };
  const account = new k8s.core.v1.ServiceAccount(
    name,
    {
      metadata: {
        ...metadata,
        name: SECRET_READER,
        annotations: { "eks.amazonaws.com/role-arn": role.arn },
      },
      automountServiceAccountToken: false,
    },
    opts,
  );
  const mayAct = new k8s.rbac.v1.Role(
    name,
    {
      metadata: { ...metadata, name: SECRET_READER },
      rules: [
        {
          apiGroups: [""],
          resources: ["serviceaccounts/token"],
          resourceNames: [SECRET_READER],
          verbs: ["create"],
        },
      ],
    },
    opts,
  );
  const binding = new k8s.rbac.v1.RoleBinding(
    name,
    {
      metadata: { ...metadata, name: SECRET_READER },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: mayAct.metadata.name },
      subjects: [{ kind: "ServiceAccount", name: OPERATOR_SERVICE_ACCOUNT, namespace: OPERATOR_NAMESPACE }],
    },
    opts,
  );
  return new k8s.apiextensions.CustomResource(
    name,
    {
      apiVersion: API_VERSION,
      kind: "SecretStore",
      metadata: { ...metadata, name: SECRET_READER, annotations: UNTIL_READY },
      spec: {
        provider: {
          aws: {
            service: "SecretsManager",
            region,
            auth: { jwt: { serviceAccountRef: { name: account.metadata.name } } },
          },
        },
      },
    },
    { ...opts, dependsOn: [operator.release, binding] },
  );
}

export interface ExternalSecretArgs {
  /** The name of the Kubernetes Secret. */
  secret: string;
  home: pulumi.Input<string>;
  store: k8s.apiextensions.CustomResource;
  /** The secret in Secrets Manager: a JSON object. */
  arn: pulumi.Input<string>;
  /** Keys of the Kubernetes Secret with their values: Go templates over the properties of that object. */
  template: Readonly<Record<string, pulumi.Input<string>>>;
}

/**
 * A Kubernetes Secret that follows a secret in Secrets Manager. When it exists, so does the Secret. Nothing
 * here depends on the value, so a rotation is never a change of the program's.
 */
export const externalSecret = (
  name: string,
  { secret, home, store, arn, template }: ExternalSecretArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource =>
  new k8s.apiextensions.CustomResource(
    name,
    {
      apiVersion: API_VERSION,
      kind: "ExternalSecret",
      metadata: { name: secret, namespace: home, labels: LABELS, annotations: UNTIL_READY },
      spec: {
        refreshPolicy: "Periodic",
        refreshInterval: REFRESH_INTERVAL,
        secretStoreRef: { kind: "SecretStore", name: store.metadata.name },
        target: {
          name: secret,
          creationPolicy: "Owner",
          // Should the secret vanish from AWS, pods that restart still have what worked last.
          deletionPolicy: "Retain",
          template: { engineVersion: "v2", mergePolicy: "Replace", data: template },
        },
        dataFrom: [{ extract: { key: arn } }],
      },
    },
    { ...opts, dependsOn: [store] },
  );

const readPolicy = ({
  secretArns,
  keyArn,
  region,
}: Pick<SecretStoreArgs, "secretArns" | "keyArn" | "region">): pulumi.Output<string> =>
  pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
        Resource: secretArns,
      },
      {
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: keyArn,
        Condition: { StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` } },
      },
    ],
  });
