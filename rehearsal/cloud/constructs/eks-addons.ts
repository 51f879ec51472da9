import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterArgs } from "./eks-arguments";

type AddonOptions = NonNullable<ClusterArgs["corednsAddonOptions"] | ClusterArgs["kubeProxyAddonOptions"]>;

/** What AWS offers with a Kubernetes version: kube-proxy follows it, the others have versions of their own. */
const offered = (addon: string, kubernetes: string): string =>
  ({
    "kube-proxy": `v${kubernetes}.0-eksbuild.2`,
    coredns: "v1.12.1-eksbuild.2",
    "vpc-cni": "v1.19.5-eksbuild.1",
  })[addon] ?? "v1.0.0-eksbuild.1";

const json = (values: unknown): pulumi.Output<string> | undefined =>
  values === undefined ? undefined : pulumi.jsonStringify(values);

function addon(
  name: string,
  addonName: string,
  cluster: aws.eks.Cluster,
  options: AddonOptions,
  args: ClusterArgs,
  opts: pulumi.CustomResourceOptions,
): aws.eks.Addon {
  return new aws.eks.Addon(
    name,
    {
      clusterName: cluster.name,
      addonName,
      addonVersion: options.version ?? cluster.version.apply((version) => offered(addonName, version)),
      configurationValues: json(options.configurationValues),
      preserve: true,
      resolveConflictsOnCreate: options.resolveConflictsOnCreate ?? "OVERWRITE",
      resolveConflictsOnUpdate: options.resolveConflictsOnUpdate ?? "OVERWRITE",
      tags: args.tags,
    },
    opts,
  );
}

/** kube-proxy, unless it is switched off or Auto Mode brings its own. */
export function createKubeProxy(
  name: string,
  cluster: aws.eks.Cluster,
  args: ClusterArgs,
  parent: pulumi.Resource,
): void {
  const options = args.kubeProxyAddonOptions ?? {};
  if (options.enabled ?? !args.autoMode?.enabled) {
    addon(`${name}-kube-proxy`, "kube-proxy", cluster, options, args, { parent });
  }
}

/** CoreDNS, where there are nodes to put it on or it is asked for. */
export function createCoreDns(
  name: string,
  cluster: aws.eks.Cluster,
  args: ClusterArgs,
  parent: pulumi.Resource,
): void {
  const options = args.corednsAddonOptions ?? {};
  const asked = options.enabled === true || options.configurationValues !== undefined;
  const placed = !args.skipDefaultNodeGroup || args.autoMode?.enabled === true;
  if (asked || (placed && options.enabled !== false)) {
    addon(`${name}-coredns`, "coredns", cluster, options, args, { parent });
  }
}

/** `eks:index:VpcCniAddon`, unless it is switched off or Auto Mode brings its own. */
export function createVpcCni(
  name: string,
  cluster: aws.eks.Cluster,
  args: ClusterArgs,
  opts: pulumi.ComponentResourceOptions,
): VpcCni | undefined {
  const enabled = args.useDefaultVpcCni === undefined ? !args.autoMode?.enabled : !args.useDefaultVpcCni;
  return enabled ? new VpcCni(`${name}-vpc-cni`, cluster, args, opts) : undefined;
}

/** The network add-on with the settings that the published component gives it. */
export class VpcCni extends pulumi.ComponentResource {
  constructor(
    name: string,
    cluster: aws.eks.Cluster,
    args: ClusterArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("eks:index:VpcCniAddon", name, {}, opts);
    const cni = args.vpcCniOptions ?? {};
    const created = addon(
      name,
      "vpc-cni",
      cluster,
      {
        version: cni.addonVersion,
        configurationValues: pulumi.output(cni).apply(configuration),
        resolveConflictsOnCreate: cni.resolveConflictsOnCreate,
        resolveConflictsOnUpdate: cni.resolveConflictsOnUpdate,
      },
      args,
      { parent: this },
    );
    this.registerOutputs({ addon: created });
  }
}

/** Options and the environment variables that they become, with the defaults. */
const VARIABLES: readonly (readonly [option: string, variable: string, otherwise?: string])[] = [
  ["warmEniTarget", "WARM_ENI_TARGET", "1"],
  ["warmIpTarget", "WARM_IP_TARGET"],
  ["warmPrefixTarget", "WARM_PREFIX_TARGET"],
  ["nodePortSupport", "AWS_VPC_CNI_NODE_PORT_SUPPORT"],
  ["enablePrefixDelegation", "ENABLE_PREFIX_DELEGATION"],
  ["logLevel", "AWS_VPC_K8S_CNI_LOGLEVEL", "DEBUG"],
  ["logFile", "AWS_VPC_K8S_CNI_LOG_FILE", "/host/var/log/aws-routed-eni/ipamd.log"],
  ["vethPrefix", "AWS_VPC_K8S_CNI_VETHPREFIX", "eni"],
  ["eniMtu", "AWS_VPC_ENI_MTU", "9001"],
  ["eniConfigLabelDef", "ENI_CONFIG_LABEL_DEF"],
  ["enablePodEni", "ENABLE_POD_ENI", "false"],
  ["cniConfigureRpfilter", "AWS_VPC_K8S_CNI_CONFIGURE_RPFILTER"],
  ["cniCustomNetworkCfg", "AWS_VPC_K8S_CNI_CUSTOM_NETWORK_CFG", "false"],
  ["externalSnat", "AWS_VPC_K8S_CNI_EXTERNALSNAT", "false"],
];

function configuration(options: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const env: Record<string, string> = {};
  for (const [option, variable, otherwise] of VARIABLES) {
    const value = options[option] ?? otherwise;
    if (value !== undefined) env[variable] = String(value);
  }
  const init = { env: { DISABLE_TCP_EARLY_DEMUX: String(options.disableTcpEarlyDemux ?? false) } };
  const { enableNetworkPolicy } = options;
  return {
    ...(enableNetworkPolicy !== undefined && { enableNetworkPolicy: String(enableNetworkPolicy) }),
    env,
    init,
    ...(options.configurationValues as object | undefined),
  };
}
