import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { assumedByServiceAccount } from "./assumeRole";
import type { Cluster } from "./cluster";

export interface PodRoleArgs {
  /** Whose service accounts may ask; the cluster's OIDC provider vouches for them. */
  cluster: Pick<Cluster, "oidcProviderArn" | "oidcIssuer">;
  namespace: string;
  serviceAccount: string;
  /** What the role may do: an IAM policy document as JSON. */
  policy: pulumi.Input<string>;
}

/** A role with everything that it may do. */
export interface PodIdentity {
  readonly role: aws.iam.Role;
  /** What a pod waits for that must not start without its rights, and is gone before. */
  readonly policies: pulumi.Resource[];
}

/**
 * A role for the pods of one service account (IRSA), and what to wait for.
 *
 * @param managed ARNs of AWS's policies beside `policy`; a role of these alone needs no `policy`
 */
export function podIdentity(
  name: string,
  args: Omit<PodRoleArgs, "policy"> & Partial<Pick<PodRoleArgs, "policy">>,
  opts: pulumi.CustomResourceOptions,
  managed: readonly string[] = [],
): PodIdentity {
  const { cluster, namespace, serviceAccount, policy } = args;
  const role = new aws.iam.Role(
    name,
    {
      assumeRolePolicy: assumedByServiceAccount(
        cluster.oidcProviderArn,
        cluster.oidcIssuer,
        namespace,
        serviceAccount,
      ),
    },
    opts,
  );
  const own = policy === undefined ? [] : [new aws.iam.RolePolicy(name, { role: role.name, policy }, opts)];
  const attached = managed.map(
    (policyArn) =>
      new aws.iam.RolePolicyAttachment(
        `${name}-${policyArn.slice(policyArn.lastIndexOf("/") + 1)}`,
        { role: role.name, policyArn },
        opts,
      ),
  );
  return { role, policies: [...own, ...attached] };
}

/** A role for the pods of one service account (IRSA), which may do what `policy` says. */
export const podRole = (name: string, args: PodRoleArgs, opts: pulumi.CustomResourceOptions): aws.iam.Role =>
  podIdentity(name, args, opts).role;
