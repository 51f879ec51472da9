import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Component, type Construct } from "./component";
import { createAccess } from "./eks-access";
import { createCoreDns, createKubeProxy, createVpcCni } from "./eks-addons";
import { checkCluster, type ClusterArgs } from "./eks-arguments";
import { createControlPlane } from "./eks-control-plane";
import { clusterSecurityGroup, nodeSecurityGroup } from "./eks-security-groups";
import { kubeconfig } from "./kubeconfig";

/** Of the certificate authority behind EKS's OIDC endpoints, which the published component reads from there. */
const THUMBPRINT = "9e99a48a9960b14926bb7f3b02e22da2b0ab7280";

/** Constructs `eks:index:Cluster`: the children, names, parents and outputs of the published component. */
export function constructCluster(construct: Construct): pulumi.provider.ConstructResult {
  const { name, args } = construct;
  checkCluster(args);
  const component = new Component("eks:index:Cluster", construct);
  const parent = component;
  const clusterGroup = clusterSecurityGroup(name, args, parent);
  const controlPlane = createControlPlane(name, clusterGroup, args, parent);
  const { cluster } = controlPlane;
  createKubeProxy(name, cluster, args, parent);
  const provider = new k8s.Provider(
    `${name}-eks-k8s`,
    {
      kubeconfig: pulumi.jsonStringify(kubeconfigOf(cluster, args, true)),
      enableConfigMapMutable: args.enableConfigMapMutable,
    },
    { parent },
  );
  const access = createAccess(name, cluster, provider, args, parent);
  const vpcCni = createVpcCni(name, cluster, args, { parent, dependsOn: access.dependencies });
  createCoreDns(name, cluster, args, parent);
  const oidcProvider = args.createOidcProvider ? createOidcProvider(name, cluster, parent) : undefined;
  const nodes =
    clusterGroup && !(args.skipDefaultSecurityGroups ?? args.autoMode?.enabled)
      ? nodeSecurityGroup(name, cluster, clusterGroup, args, parent)
      : undefined;

  const config = kubeconfigOf(cluster, args, false);
  const issuer = cluster.identities.apply((identities) => identities[0]?.oidcs[0]?.issuer ?? "");
  const ownGroup = cluster.vpcConfig.clusterSecurityGroupId;
  return component.finish({
    autoModeNodeRoleName: controlPlane.nodeRole?.name ?? "",
    clusterIngressRuleId: nodes?.clusterIngress.securityGroupRuleId ?? "",
    clusterSecurityGroup: clusterGroup,
    clusterSecurityGroupId: clusterGroup?.id ?? ownGroup,
    core: {
      accessEntries: Object.values(access.entries),
      cluster,
      clusterIamRole: controlPlane.role,
      clusterSecurityGroup: clusterGroup,
      eksNodeAccess: access.configMap,
      encryptionConfig: controlPlane.encryptionConfig,
      endpoint: cluster.endpoint,
      instanceRoles: access.instanceRoles,
      kubeconfig: config,
      nodeGroupOptions: {
        version: args.version,
        nodeSecurityGroup: nodes?.group,
        clusterIngressRule: nodes?.clusterIngress,
      },
      nodeSecurityGroupTags: args.nodeSecurityGroupTags,
      oidcProvider,
      privateSubnetIds: args.privateSubnetIds,
      provider,
      publicSubnetIds: args.publicSubnetIds,
      storageClasses: {},
      subnetIds: controlPlane.subnetIds,
      tags: args.tags,
      vpcCni,
      vpcId: args.vpcId,
    },
    defaultNodeGroup: undefined,
    defaultNodeGroupAsgName: "",
    eksCluster: cluster,
    eksClusterIngressRule: nodes?.clusterIngress,
    fargateProfileId: "",
    fargateProfileStatus: "",
    instanceRoles: access.instanceRoles,
    kubeconfig: config,
    kubeconfigJson: pulumi.jsonStringify(config),
    nodeSecurityGroup: nodes?.group,
    nodeSecurityGroupId: nodes?.group.id ?? ownGroup,
    oidcIssuer: issuer.apply((url) => url.replace("https://", "")),
    oidcProviderArn: oidcProvider?.arn ?? "",
    oidcProviderUrl: issuer,
  });
}

/** The user's kubeconfig names no profile, so that others can use it; the component's own provider does. */
function kubeconfigOf(
  cluster: aws.eks.Cluster,
  args: ClusterArgs,
  withProfile: boolean,
): pulumi.Output<object> {
  return pulumi
    .all([
      cluster.name,
      cluster.endpoint,
      cluster.certificateAuthority,
      cluster.arn,
      args.providerCredentialOpts,
    ])
    .apply(([clusterName, endpoint, authority, arn, credentials]) =>
      kubeconfig({
        clusterName,
        endpoint,
        certificateData: authority.data,
        region: arn.split(":")[3]!,
        roleArn: credentials?.roleArn,
        profileName: withProfile ? credentials?.profileName : undefined,
      }),
    );
}

const createOidcProvider = (
  name: string,
  cluster: aws.eks.Cluster,
  parent: pulumi.Resource,
): aws.iam.OpenIdConnectProvider =>
  new aws.iam.OpenIdConnectProvider(
    `${name}-oidcProvider`,
    {
      clientIdLists: ["sts.amazonaws.com"],
      url: cluster.identities[0]!.oidcs[0]!.issuer,
      thumbprintLists: [THUMBPRINT],
    },
    { parent },
  );

/** `cluster.getKubeconfig()`: a kubeconfig with a role or profile of the caller's choice. */
export function callGetKubeconfig(inputs: pulumi.Inputs): pulumi.provider.InvokeResult {
  const self = inputs.__self__ as { eksCluster: pulumi.Output<aws.eks.Cluster> };
  const { roleArn, profileName } = inputs as { roleArn?: string; profileName?: string };
  const config = self.eksCluster.apply((cluster) =>
    kubeconfigOf(cluster, { providerCredentialOpts: { roleArn, profileName } }, true),
  );
  return { outputs: { result: pulumi.jsonStringify(config) } };
}
