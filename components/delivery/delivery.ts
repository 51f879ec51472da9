import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { MANAGED, rightsOf } from "../../model/delivery/rights";
import {
  DELIVERY_ROLES,
  type DeliveryRole,
  type DeliverySettings,
  GITHUB_ISSUER,
  environmentsOf,
  roleName,
  subjectsOf,
  trustPolicy,
} from "../../model/delivery/subjects";
import type { Environment } from "../../model/environments";
import type { Cluster } from "../cluster/cluster";
import type { Key } from "../key";

export interface DeliveryArgs extends DeliverySettings {
  app: string;
  environment: Environment;
  /** Pulumi's names: by the stack's the workflows call their environments, and by both a bucket holds the state. */
  project: string;
  stack: string;
  /** Looked at by previews; whoever deploys is one of its admins by `sluice:access`. */
  cluster: Pick<Cluster, "name" | "ready">;
  key: Pick<Key, "arn">;
}

/** Who only looks, and at what in the cluster. */
type Looking = Exclude<DeliveryRole, "deploy">;

/**
 * A preview sees no secrets. The look at drift reads what really exists: Helm keeps its releases in Secrets, and what
 * belongs to no namespace AWS shows by this policy alone.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html
 */
const VIEW: Readonly<Record<Looking, string>> = {
  preview: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy",
  drift: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminViewPolicy",
};

/**
 * The roles that GitHub's workflows take by their tokens, without a stored key: one for previews and one for the look at
 * drift, which only read, and one that deploys. Each trusts jobs of named environments, and nothing else of the repository.
 */
export class Delivery extends pulumi.ComponentResource {
  /** ARNs of the roles. */
  readonly roles: Readonly<Record<DeliveryRole, pulumi.Output<string>>>;

  constructor(name: string, args: DeliveryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:delivery:Delivery", name, {}, opts);
    const inside = { parent: this };
    const provider =
      args.provider ??
      new aws.iam.OpenIdConnectProvider(
        name,
        { url: `https://${GITHUB_ISSUER}`, clientIdLists: ["sts.amazonaws.com"] },
        inside,
      ).arn;
    const roles = DELIVERY_ROLES.map((role) => [role, this.#role(role, args, provider)] as const);
    for (const [role, { arn }] of roles) if (role !== "deploy") view(role, arn, args, inside);
    this.roles = Object.fromEntries(roles.map(([role, { arn }]) => [role, arn])) as typeof this.roles;
    this.registerOutputs({ roles: this.roles });
  }

  #role(role: DeliveryRole, args: DeliveryArgs, provider: pulumi.Input<string>): aws.iam.Role {
    const inside = { parent: this };
    const { app, environment, stack } = args;
    const subjects = subjectsOf(args, environmentsOf(role, stack));
    const made = new aws.iam.Role(
      role,
      {
        name: roleName(app, environment, role),
        description: `GitHub's ${role} jobs of ${args.repository}`,
        assumeRolePolicy: pulumi.output(provider).apply((arn) => trustPolicy(arn, subjects)),
        maxSessionDuration: role === "deploy" ? LONG_SESSION : undefined,
      },
      inside,
    );
    for (const policy of MANAGED[role]) {
      new aws.iam.RolePolicyAttachment(
        `${role}-${policy}`,
        { role: made.name, policyArn: `arn:aws:iam::aws:policy/${policy}` },
        inside,
      );
    }
    const policyOf = (dataKey?: string) =>
      JSON.stringify({ Version: "2012-10-17", Statement: rightsOf(role, { ...args, dataKey }) });
    // The others' are known before the key is, so that policy packs judge them in the first preview.
    const policy = role === "drift" ? args.key.arn.apply(policyOf) : policyOf();
    new aws.iam.RolePolicy(role, { role: made.name, policy }, inside);
    return made;
  }
}

/** Seconds: a release in one job takes longer than the hour that AWS gives by default. */
const LONG_SESSION = 2 * 3_600;

function view(
  role: Looking,
  principalArn: pulumi.Output<string>,
  { cluster }: DeliveryArgs,
  opts: pulumi.CustomResourceOptions,
): void {
  const subject = { clusterName: cluster.name, principalArn };
  const entry = new aws.eks.AccessEntry(`${role}-view`, { ...subject, type: "STANDARD" }, opts);
  new aws.eks.AccessPolicyAssociation(
    `${role}-view`,
    { ...subject, policyArn: VIEW[role], accessScope: { type: "cluster" } },
    { ...opts, dependsOn: [entry] },
  );
}
