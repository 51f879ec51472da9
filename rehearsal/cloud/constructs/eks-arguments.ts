import type * as eks from "@pulumi/eks";
import type * as pulumi from "@pulumi/pulumi";
import { Faults, namesOf } from "./arguments";

export type ClusterArgs = eks.ClusterArgs;

const CLUSTER = namesOf<ClusterArgs>({
  accessEntries: true,
  authenticationMode: true,
  autoMode: true,
  bootstrapSelfManagedAddons: true,
  clusterSecurityGroup: true,
  clusterSecurityGroupTags: true,
  clusterTags: true,
  corednsAddonOptions: true,
  createInstanceRole: true,
  createOidcProvider: true,
  creationRoleProvider: true,
  deletionProtection: true,
  desiredCapacity: true,
  enableConfigMapMutable: true,
  enabledClusterLogTypes: true,
  encryptionConfigKeyArn: true,
  endpointPrivateAccess: true,
  endpointPublicAccess: true,
  fargate: true,
  gpu: true,
  instanceProfileName: true,
  instanceRole: true,
  instanceRoles: true,
  instanceType: true,
  ipFamily: true,
  kubeProxyAddonOptions: true,
  kubernetesServiceIpAddressRange: true,
  maxSize: true,
  minSize: true,
  name: true,
  nodeAmiId: true,
  nodeAssociatePublicIpAddress: true,
  nodeGroupOptions: true,
  nodePublicKey: true,
  nodeRootVolumeEncrypted: true,
  nodeRootVolumeSize: true,
  nodeSecurityGroupTags: true,
  nodeSubnetIds: true,
  nodeUserData: true,
  privateSubnetIds: true,
  providerCredentialOpts: true,
  proxy: true,
  publicAccessCidrs: true,
  publicSubnetIds: true,
  roleMappings: true,
  serviceRole: true,
  skipDefaultNodeGroup: true,
  skipDefaultSecurityGroups: true,
  storageClasses: true,
  subnetIds: true,
  tags: true,
  upgradePolicy: true,
  useDefaultVpcCni: true,
  userMappings: true,
  version: true,
  vpcCniOptions: true,
  vpcId: true,
});

const ADDON = [
  "configurationValues",
  "enabled",
  "resolveConflictsOnCreate",
  "resolveConflictsOnUpdate",
  "version",
];
const ACCESS_ENTRY = ["accessPolicies", "kubernetesGroups", "principalArn", "tags", "type", "username"];
const SINGULAR_NODE_OPTIONS = [
  "nodeSubnetIds",
  "nodeAssociatePublicIpAddress",
  "instanceType",
  "instanceProfileName",
  "nodePublicKey",
  "nodeRootVolumeSize",
  "nodeUserData",
  "minSize",
  "maxSize",
  "desiredCapacity",
  "nodeAmiId",
  "gpu",
];

/** Whether access entries are allowed. Unset, the mode is CONFIG_MAP. */
export const hasAccessEntries = (mode: string | undefined): boolean =>
  mode === "API" || mode === "API_AND_CONFIG_MAP";

/** Whether the aws-auth ConfigMap is used. */
export const hasConfigMap = (mode: string | undefined): boolean => mode !== "API";

/** @throws InputPropertiesError with every argument that eks.Cluster, or the local cloud, refuses */
export function checkCluster(args: pulumi.Inputs): asserts args is ClusterArgs {
  const faults = new Faults("eks.Cluster");
  faults.names(args, CLUSTER);
  const {
    accessEntries,
    authenticationMode: mode,
    autoMode,
    corednsAddonOptions,
    kubeProxyAddonOptions,
  } = args as ClusterArgs;
  if (corednsAddonOptions) faults.names(corednsAddonOptions, ADDON, "corednsAddonOptions");
  if (kubeProxyAddonOptions) faults.names(kubeProxyAddonOptions, ADDON, "kubeProxyAddonOptions");
  for (const [name, entry] of Object.entries(accessEntries ?? {})) {
    faults.names(entry, ACCESS_ENTRY, `accessEntries.${name}`);
  }
  faults.oneOf(mode, ["API", "API_AND_CONFIG_MAP", "CONFIG_MAP"], "authenticationMode");
  accessFaults(args, mode, faults);
  if (args.instanceRole && args.instanceRoles) {
    faults.add(
      "instanceRoles",
      "instanceRole and instanceRoles are mutually exclusive, and cannot both be set.",
    );
  }
  if (args.subnetIds && (args.publicSubnetIds || args.privateSubnetIds)) {
    faults.add(
      "subnetIds",
      "subnetIds, and the use of publicSubnetIds and/or privateSubnetIds are mutually exclusive. Choose a single approach.",
    );
  }
  if (args.nodeGroupOptions && SINGULAR_NODE_OPTIONS.some((name) => args[name])) {
    faults.add(
      "nodeGroupOptions",
      "Setting nodeGroupOptions, and any set of singular node group option(s) on the cluster, is mutually exclusive. Choose a single approach.",
    );
  }
  if (args.vpcId === undefined) faults.add("vpcId", "required here: the local cloud has no default VPC");
  if (!args.skipDefaultNodeGroup && !autoMode?.enabled) {
    faults.add(
      "skipDefaultNodeGroup",
      "must be true here: the local cloud has managed node groups only (eks.ManagedNodeGroup)",
    );
  }
  faults.unserved(args, {
    creationRoleProvider: "it has one identity; leave it out",
    fargate: "pods run without nodes here anyway",
    storageClasses: "create kubernetes.storage.v1.StorageClass resources instead",
  });
  faults.raise();
}

function accessFaults(args: pulumi.Inputs, mode: string | undefined, faults: Faults): void {
  if (!hasConfigMap(mode)) {
    for (const name of ["roleMappings", "userMappings", "instanceRoles"]) {
      const value = args[name] as unknown;
      if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
      faults.add(
        name,
        `The '${name}' property does not support non-empty values when 'authenticationMode' is set to '${String(mode)}'.`,
      );
    }
  }
  if (hasAccessEntries(mode)) return;
  const set = mode === undefined ? "not set" : `set to '${mode}'`;
  if (args.accessEntries) {
    faults.add(
      "accessEntries",
      `The 'accessEntries' property is not supported when 'authenticationMode' is ${set}.`,
    );
  }
  if ((args as ClusterArgs).autoMode?.enabled) {
    faults.add(
      "autoMode",
      "Access entries are required when using EKS Auto Mode. Use the authentication mode 'API' or 'API_AND_CONFIG_MAP'.",
    );
  }
}
