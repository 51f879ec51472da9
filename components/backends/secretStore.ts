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

/** Where secrets are kept: each is read by an account of its own, which reads nothing of the other. */
const SOURCES = {
  SecretsManager: {
    reader: SECRET_READER,
    actions: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
    service: "secretsmanager",
  },
  ParameterStore: { reader: "parameters-reader", actions: ["ssm:GetParameter"], service: "ssm" },
} as const;

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
  /** Default: `SecretsManager`. */
  source?: keyof typeof SOURCES;
  /** All that may be read: secrets, or parameters. */
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
  const { cluster, region, namespace, home, operator, source = "SecretsManager" } = args;
  const { reader } = SOURCES[source];
  const role = podRole(
    name,
    { cluster, namespace, serviceAccount: reader, policy: readPolicy(args) },
    { parent: opts.parent },
  );
  const metadata = { namespace: home, labels: LABELS };
  const account = new k8s.core.v1.ServiceAccount(
    name,
    {
      metadata: {
        ...metadata,
        name: reader,
        annotations: { "eks.amazonaws.com/role-arn": role.arn },
      },
      automountServiceAccountToken: false,
    },
    opts,
  );
  const mayAct = new k8s.rbac.v1.Role(
    name,
    {
      metadata: { ...metadata, name: reader },
      rules: [
        {
          apiGroups: [""],
          resources: ["serviceaccounts/token"],
          resourceNames: [reader],
          verbs: ["create"],
        },
      ],
    },
    opts,
  );
  const binding = new k8s.rbac.v1.RoleBinding(
    name,
    {
      metadata: { ...metadata, name: reader },
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
      metadata: { ...metadata, name: reader, annotations: UNTIL_READY },
      spec: {
        provider: {
          aws: {
            service: source,
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
  madeOf(
    name,
    { secret, home, store },
    { template, source: { dataFrom: [{ extract: { key: arn } }] } },
    opts,
  );

interface Source {
  template: Readonly<Record<string, pulumi.Input<string>>>;
  source: object;
}

const madeOf = (
  name: string,
  { secret, home, store }: Pick<ExternalSecretArgs, "secret" | "home" | "store">,
  { template, source }: Source,
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
        ...source,
      },
    },
    { ...opts, dependsOn: [store] },
  );

export interface TextSecretArgs extends Pick<ExternalSecretArgs, "secret" | "home" | "store"> {
  /** Keys of the Kubernetes Secret, each with a secret in Secrets Manager that is text, and a Go template of it. */
  keys: readonly { readonly key: string; readonly from: string; readonly template: string }[];
}

/** Likewise of secrets that hold one text each, which some person or other put there. */
export const textSecret = (
  name: string,
  { secret, home, store, keys }: TextSecretArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.apiextensions.CustomResource =>
  madeOf(
    name,
    { secret, home, store },
    {
      template: Object.fromEntries(keys.map(({ key, template }) => [key, template])),
      source: { data: keys.map(({ key, from }) => ({ secretKey: key, remoteRef: { key: from } })) },
    },
    opts,
  );

/** The names by which a role may read secrets that somebody else makes: Secrets Manager adds six characters. */
export const secretArnOf = (region: string, name: string): string =>
  `arn:aws:secretsmanager:${region}:*:secret:${name}-??????`;

const readPolicy = ({
  secretArns,
  keyArn,
  region,
  source = "SecretsManager",
}: Pick<SecretStoreArgs, "secretArns" | "keyArn" | "region" | "source">): pulumi.Output<string> =>
  pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: SOURCES[source].actions,
        Resource: secretArns,
      },
      {
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: keyArn,
        Condition: {
          StringEquals: { "kms:ViaService": `${SOURCES[source].service}.${region}.amazonaws.com` },
        },
      },
    ],
  });
