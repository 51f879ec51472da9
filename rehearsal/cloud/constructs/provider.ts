// Resources that come in as references, a cluster for example, are made whole by the SDK that knows them.
import "@pulumi/awsx";
import "@pulumi/eks";
import type * as pulumi from "@pulumi/pulumi";
import type { Construct } from "./component";
import { callGetKubeconfig, constructCluster } from "./eks-cluster";
import { constructManagedNodeGroup } from "./managed-node-group";
import { constructVpc } from "./vpc";

type Result = pulumi.provider.ConstructResult | Promise<pulumi.provider.ConstructResult>;

/** The components that are served: one more is one more line. */
const COMPONENTS: Readonly<Record<string, (construct: Construct) => Result>> = {
  "awsx:ec2:Vpc": constructVpc,
  "eks:index:Cluster": constructCluster,
  "eks:index:ManagedNodeGroup": constructManagedNodeGroup,
};

/** Serves the components of awsx and eks, made of ordinary resources of the aws provider. */
export const provider: pulumi.provider.Provider = {
  // One process serves both packages, so the higher of the two SDKs' versions: a lower one makes the engine warn.
  version: "4.3.0",

  async construct(name, type, args, opts) {
    const construct = COMPONENTS[type];
    if (!construct) {
      throw new Error(
        `the local cloud serves no component ${type}; it has ${Object.keys(COMPONENTS).join(", ")}`,
      );
    }
    return construct({ name, args, opts });
  },

  call(token, inputs) {
    if (token === "eks:index:Cluster/getKubeconfig") return Promise.resolve(callGetKubeconfig(inputs));
    return Promise.reject(new Error(`the local cloud serves no method ${token}`));
  },
};
