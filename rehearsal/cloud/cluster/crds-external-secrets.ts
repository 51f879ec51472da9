import type { CustomResource } from "./crds";

const STORE = {
  "provider!": "#ExternalSecretsProvider",
  conditions: "[any]",
  controller: "s",
  refreshInterval: "n",
  retrySettings: "any",
};

const REMOTE = {
  "key!": "s",
  property: "s",
  version: "s",
  conversionStrategy: "=Default,Unicode",
  decodingStrategy: "=Auto,Base64,Base64URL,None",
  metadataPolicy: "=Fetch,None",
};

/** As the External Secrets Operator publishes its stores; of the providers, AWS's is the one that is served. */
const store = (kind: "ClusterSecretStore" | "SecretStore"): CustomResource => ({
  apiVersion: "external-secrets.io/v1",
  kind,
  namespaced: kind === "SecretStore",
  spec: `${kind}Spec`,
  types: {
    [`${kind}Spec`]: STORE,
    ExternalSecretsProvider: { "aws!": "#ExternalSecretsAws" },
    ExternalSecretsAws: {
      additionalRoles: "[s]",
      auth: "#ExternalSecretsAwsAuth",
      externalID: "s",
      prefix: "s",
      "region!": "s",
      role: "s",
      secretsManager: "any",
      "service!": "=ParameterStore,SecretsManager",
      sessionTags: "[any]",
      transitiveTagKeys: "[s]",
    },
    ExternalSecretsAwsAuth: { jwt: "#ExternalSecretsAwsJwt", secretRef: "any" },
    ExternalSecretsAwsJwt: { serviceAccountRef: "#ExternalSecretsServiceAccount" },
    ExternalSecretsServiceAccount: { audiences: "[s]", "name!": "s", namespace: "s" },
  },
});

const externalSecret: CustomResource = {
  apiVersion: "external-secrets.io/v1",
  kind: "ExternalSecret",
  namespaced: true,
  spec: "ExternalSecretSpec",
  types: {
    ExternalSecretSpec: {
      data: "[#ExternalSecretData]",
      dataFrom: "[#ExternalSecretDataFrom]",
      refreshInterval: "s",
      refreshPolicy: "=CreatedOnce,OnChange,Periodic",
      secretStoreRef: "#ExternalSecretStoreRef",
      target: "#ExternalSecretTarget",
    },
    ExternalSecretStoreRef: { kind: "=ClusterSecretStore,SecretStore", name: "s" },
    ExternalSecretData: { "remoteRef!": "#ExternalSecretRemoteRef", "secretKey!": "s", sourceRef: "any" },
    ExternalSecretDataFrom: {
      extract: "#ExternalSecretRemoteRef",
      find: "any",
      rewrite: "[any]",
      sourceRef: "any",
    },
    ExternalSecretRemoteRef: REMOTE,
    ExternalSecretTarget: {
      creationPolicy: "=Merge,None,Orphan,Owner",
      deletionPolicy: "=Delete,Merge,Retain",
      immutable: "b",
      manifest: "any",
      name: "s",
      template: "#ExternalSecretTemplate",
    },
    ExternalSecretTemplate: {
      data: "{s}",
      engineVersion: "=v2",
      mergePolicy: "=Merge,Replace",
      metadata: "#ExternalSecretTemplateMetadata",
      templateFrom: "[any]",
      type: "s",
    },
    ExternalSecretTemplateMetadata: { annotations: "{s}", finalizers: "[s]", labels: "{s}" },
  },
};

/** The definitions of the External Secrets Operator, https://external-secrets.io. */
export const EXTERNAL_SECRETS: readonly CustomResource[] = [
  store("SecretStore"),
  store("ClusterSecretStore"),
  externalSecret,
];
