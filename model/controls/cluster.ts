import {
  type Control,
  GUARDED,
  type Inapplicable,
  type Judged,
  type Unmet,
  at,
  changed,
  controlsOf,
  isGiven,
  isNotFalse,
  isTrue,
  listAt,
  put,
  refersTo,
  without,
} from "./control";

/** The component's inputs in the program; the engine also sees the cluster that it makes. */
const CLUSTER = ["eks:index:Cluster"];
const REPOSITORY = ["aws:ecr/repository:Repository"];
const fsbp = controlsOf("FSBP", "S4");
const images = controlsOf("FSBP", "S1");

/**
 * The oldest minor version of Kubernetes, 1.x, in EKS's standard support at the end of 2026: a version has 14
 * months of it, and 1.34 came in October 2025.
 */
const OLDEST_MINOR = 34;

const has = (value: unknown, word: string): boolean => Array.isArray(value) && value.includes(word);

/** EKS and ECR, each in the order of its numbers. */
export const CLUSTERS: readonly (Control | Inapplicable | Unmet)[] = [
  fsbp.property({
    id: "EKS.1",
    title: "EKS cluster endpoints should not be publicly accessible",
    severity: "high",
    types: CLUSTER,
    environments: ["prod"],
    breaks: ["CIS 5.4.2", "CIS 5.4.1"],
    at: "endpointPublicAccess",
    allowed: "false",
    ok: (value) => value === false,
    broken: true,
  }),
  fsbp.property({
    id: "EKS.2",
    title: "EKS clusters should run on a supported Kubernetes version",
    severity: "high",
    types: CLUSTER,
    at: "version",
    allowed: `1.${OLDEST_MINOR} at least, by name`,
    ok: (value) => Number(/^1\.(\d+)$/.exec(String(value))?.[1]) >= OLDEST_MINOR,
    broken: `1.${OLDEST_MINOR - 1}`,
  }),
  fsbp.property({
    id: "EKS.3",
    title: "EKS clusters should use encrypted Kubernetes secrets",
    severity: "medium",
    types: CLUSTER,
    breaks: ["CIS 5.3.1"],
    at: "encryptionConfigKeyArn",
    allowed: "the ARN of a KMS key of ours",
    ok: isGiven,
    broken: undefined,
  }),
  fsbp.property({
    id: "EKS.8",
    title: "EKS clusters should have audit logging enabled",
    severity: "medium",
    types: CLUSTER,
    at: "enabledClusterLogTypes",
    allowed: "audit among them",
    ok: (value) => has(value, "audit"),
    broken: ["api"],
  }),
  images.property({
    id: "ECR.1",
    title: "ECR private repositories should have image scanning configured",
    severity: "high",
    types: REPOSITORY,
    breaks: ["CIS 5.1.1"],
    at: "imageScanningConfiguration.scanOnPush",
    allowed: "true",
    ok: isTrue,
    broken: false,
  }),
  images.property({
    id: "ECR.2",
    title: "ECR private repositories should have tag immutability configured",
    severity: "medium",
    types: REPOSITORY,
    at: "imageTagMutability",
    allowed: "IMMUTABLE",
    ok: (value) => value === "IMMUTABLE",
    broken: "MUTABLE",
  }),
  images.together({
    id: "ECR.3",
    title: "ECR repositories should have at least one lifecycle policy configured",
    severity: "medium",
    types: REPOSITORY,
    fault: (repository, all) =>
      all.some((one) => expires(one, repository))
        ? undefined
        : "found no lifecycle policy; allowed: an aws.ecr.LifecyclePolicy of its name",
    flip: (repository, all) => without(all, (one) => expires(one, repository)),
  }),
];

const expires = (one: Judged, repository: Judged): boolean =>
  one.type === "aws:ecr/lifecyclePolicy:LifecyclePolicy" && refersTo(one.inputs["repository"], repository);

const cis = controlsOf("CIS EKS", "S4");
const registry = controlsOf("CIS EKS", "S1");

/** Policies of AWS that a node needs; with more of them a pod that reaches the node's credentials has more. */
const NODE_POLICIES = [
  "AmazonEKSWorkerNodePolicy",
  "AmazonEKSWorkerNodeMinimalPolicy",
  "AmazonEKS_CNI_Policy",
  "AmazonEC2ContainerRegistryReadOnly",
  "AmazonEC2ContainerRegistryPullOnly",
  "AmazonSSMManagedInstanceCore",
];

const policyName = ({ inputs }: Judged): string => String(inputs["policyArn"]).split("/").at(-1) ?? "";

const nodeRoles = (all: readonly Judged[]): readonly Judged[] =>
  all.filter(
    ({ type, inputs }) =>
      type === "aws:iam/role:Role" && String(inputs["assumeRolePolicy"]).includes("ec2.amazonaws.com"),
  );

const ofNodes = ({ inputs }: Judged, all: readonly Judged[]): boolean =>
  nodeRoles(all).some((role) => refersTo(inputs["role"], role));

/** CIS EKS, section 5, in the order of its numbers. */
export const CIS_MANAGED: readonly (Control | Inapplicable | Unmet)[] = [
  registry.property({
    id: "CIS 5.1.1",
    title: "Ensure image vulnerability scanning using Amazon ECR or a third party",
    severity: "high",
    types: REPOSITORY,
    breaks: ["ECR.1"],
    at: "imageScanningConfiguration.scanOnPush",
    allowed: "true",
    ok: isTrue,
    broken: false,
  }),
  {
    id: "CIS 5.1.2",
    standard: "CIS EKS",
    title: "Minimize user access to Amazon ECR",
    severity: "medium",
    notApplicable: "people's access is the account's: the stack gives nobody any, but its nodes (CIS 5.1.3)",
    absent: ["aws:ecr/repositoryPolicy:RepositoryPolicy", "aws:iam/user:User"],
  },
  registry.together({
    id: "CIS 5.1.3",
    title: "Minimize cluster access to read-only for Amazon ECR",
    severity: "medium",
    types: ["aws:iam/rolePolicyAttachment:RolePolicyAttachment"],
    applies: (one, all) => ofNodes(one, all) && policyName(one).includes("ContainerRegistry"),
    breaks: ["CIS 5.2.1"],
    fault: (one) =>
      /ReadOnly$|PullOnly$/.test(policyName(one))
        ? undefined
        : `found ${policyName(one)}; allowed: AmazonEC2ContainerRegistryPullOnly`,
    flip: (one, all) => withPolicy(one, all, "AmazonEC2ContainerRegistryPowerUser"),
  }),
  cis.together({
    id: "CIS 5.2.1",
    title: "Prefer using dedicated Amazon EKS service accounts",
    severity: "high",
    types: ["aws:iam/rolePolicyAttachment:RolePolicyAttachment"],
    applies: ofNodes,
    fault: (one) =>
      NODE_POLICIES.includes(policyName(one))
        ? undefined
        : `found ${policyName(one)} on the nodes' role; allowed: ${NODE_POLICIES.join(", ")}; pods have roles of their own`,
    flip: (one, all) => withPolicy(one, all, "AmazonEC2ContainerRegistryReadOnlyAndAmazonS3FullAccess"),
    breaks: ["CIS 5.1.3"],
  }),
  cis.property({
    id: "CIS 5.3.1",
    title: "Ensure Kubernetes Secrets are encrypted using customer master keys managed in AWS KMS",
    severity: "medium",
    types: CLUSTER,
    breaks: ["EKS.3"],
    at: "encryptionConfigKeyArn",
    allowed: "the ARN of a KMS key of ours",
    ok: isGiven,
    broken: undefined,
  }),
  cis.each({
    id: "CIS 5.4.1",
    title: "Restrict access to the control plane endpoint",
    severity: "high",
    types: CLUSTER,
    environments: GUARDED,
    breaks: ["EKS.1", "CIS 5.4.2"],
    fault: ({ endpointPrivateAccess, endpointPublicAccess, publicAccessCidrs }) => {
      if (!isTrue(endpointPrivateAccess)) return "found endpointPrivateAccess off; allowed: true";
      const open =
        isNotFalse(endpointPublicAccess) &&
        (!Array.isArray(publicAccessCidrs) || has(publicAccessCidrs, "0.0.0.0/0"));
      return open ? "found an endpoint open to the world; allowed: named publicAccessCidrs" : undefined;
    },
    flip: (inputs) => put(put(inputs, "endpointPublicAccess", true), "publicAccessCidrs", ["0.0.0.0/0"]),
  }),
  cis.property({
    id: "CIS 5.4.2",
    title: "Ensure clusters are created with private endpoint enabled and public access disabled",
    severity: "high",
    types: CLUSTER,
    environments: ["prod"],
    breaks: ["EKS.1", "CIS 5.4.1"],
    at: "endpointPublicAccess",
    allowed: "false",
    ok: (value) => value === false,
    broken: true,
  }),
  cis.property({
    id: "CIS 5.4.3",
    title: "Ensure clusters are created with private nodes",
    severity: "high",
    types: CLUSTER,
    breaks: ["EC2.9"],
    at: "nodeAssociatePublicIpAddress",
    allowed: "false",
    ok: (value) => value === false,
    broken: true,
  }),
  cis.property({
    id: "CIS 5.5.1",
    title: "Manage Kubernetes RBAC users with AWS IAM",
    severity: "medium",
    types: CLUSTER,
    breaks: ["CIS 4.1.7"],
    at: "authenticationMode",
    allowed: "API",
    ok: (value) => value === "API",
    broken: "CONFIG_MAP",
  }),
];

const withPolicy = (one: Judged, all: readonly Judged[], name: string): Judged[] =>
  changed(all, one, put(one.inputs, "policyArn", `arn:aws:iam::aws:policy/${name}`));

/** Where the load balancer's TLS is asked for a second time. */
export const CIS_TRANSPORT: Control = cis.property({
  id: "CIS 5.4.5",
  title: "Encrypt traffic to HTTPS load balancers with TLS certificates",
  severity: "high",
  types: ["aws:lb/listener:Listener"],
  applies: ({ inputs }) =>
    inputs["protocol"] === "HTTPS" || at(listAt(inputs, "defaultActions")[0], "type") !== "redirect",
  environments: GUARDED,
  breaks: ["ELB.18", "ELB.1", "ELB.17"],
  at: "certificateArn",
  allowed: "the ARN of a certificate",
  ok: isGiven,
  broken: undefined,
});
