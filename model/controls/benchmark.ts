import {
  type Control,
  type Inapplicable,
  type Judged,
  type Properties,
  type Unmet,
  at,
  controlsOf,
  isNotTrue,
  isOrMayBe,
  listAt,
  put,
  without,
} from "./control";
import { absent } from "./others";
import { PODS, containersThat, podOf, withContainer, withPod } from "./pods";

const { property, each, together } = controlsOf("CIS EKS", "S3");

const NAMESPACE = ["kubernetes:core/v1:Namespace"];
const ROLES = [
  "kubernetes:rbac.authorization.k8s.io/v1:Role",
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
];

/** Kinds that belong to no namespace. */
const CLUSTER_WIDE =
  /:(Namespace|StorageClass|ClusterRole|ClusterRoleBinding|CustomResourceDefinition|PriorityClass|ClusterSecretStore|ClusterIssuer|IngressClass)(Patch)?$/;

/** Whether a rule of a role gives one of `verbs` on one of `resources`. */
const gives = (rule: unknown, resources: readonly string[], verbs: readonly string[]): boolean =>
  listAt(rule, "resources").some((one) => resources.includes(String(one)) || one === "*") &&
  listAt(rule, "verbs").some((one) => verbs.includes(String(one)) || one === "*");

/** A control of what roles must not give. */
const withheld = (
  id: string,
  title: string,
  bad: (rule: unknown) => boolean,
  broken: Properties,
  breaks: readonly string[] = [],
): Control =>
  each({
    id,
    title,
    severity: "high",
    types: ROLES,
    breaks,
    fault: (inputs) =>
      listAt(inputs, "rules").some(bad)
        ? `found ${JSON.stringify(listAt(inputs, "rules").find(bad))}; allowed: less`
        : undefined,
    flip: (inputs) => put(inputs, "rules", [...listAt(inputs, "rules"), broken]),
    sample: { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", rules: [] },
  });

/** A pod shares something of its node's. */
const shared = (id: string, what: string, key: string): Control =>
  each({
    id,
    title: `Minimize the admission of containers wishing to share the host ${what} namespace`,
    severity: "high",
    types: PODS,
    fault: (inputs) => (isNotTrue(podOf(inputs)[key]) ? undefined : `found ${key} = true; allowed: false`),
    flip: (inputs) => withPod(inputs, key, true),
  });

const admission = (inputs: Properties): unknown => {
  const labels = at(inputs, "metadata.labels");
  return labels instanceof Object ? Reflect.get(labels, "pod-security.kubernetes.io/enforce") : undefined;
};

const policies = (namespace: Judged, all: readonly Judged[]): readonly Judged[] =>
  all.filter(
    ({ type, inputs }) =>
      type === "kubernetes:networking.k8s.io/v1:NetworkPolicy" &&
      isOrMayBe(at(inputs, "metadata.namespace"), at(namespace.inputs, "metadata.name")),
  );

/** CIS EKS, section 4, in the order of its numbers. */
export const CIS_POLICIES: readonly (Control | Inapplicable | Unmet)[] = [
  ...absent(
    "CIS EKS",
    ["kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding"],
    "nobody is bound to it",
    [["CIS 4.1.1", "high", "Ensure that the cluster-admin role is only used where required"]],
  ),
  withheld(
    "CIS 4.1.2",
    "Minimize access to secrets",
    (rule) => gives(rule, ["secrets"], ["get", "list", "watch"]),
    { apiGroups: [""], resources: ["secrets"], verbs: ["get"] },
  ),
  withheld(
    "CIS 4.1.3",
    "Minimize wildcard use in Roles and ClusterRoles",
    (rule) => [...listAt(rule, "resources"), ...listAt(rule, "verbs")].includes("*"),
    { apiGroups: ["apps"], resources: ["deployments"], verbs: ["*"] },
  ),
  withheld("CIS 4.1.4", "Minimize access to create pods", (rule) => gives(rule, ["pods"], ["create"]), {
    apiGroups: [""],
    resources: ["pods"],
    verbs: ["create"],
  }),
  each({
    id: "CIS 4.1.5",
    title: "Ensure that default service accounts are not actively used",
    severity: "medium",
    types: PODS,
    fault: (inputs) => {
      const name = podOf(inputs)["serviceAccountName"];
      return name === undefined || name === "default"
        ? "found the default service account; allowed: one of its own"
        : undefined;
    },
    flip: (inputs) => withPod(inputs, "serviceAccountName", "default"),
  }),
  property({
    id: "CIS 4.1.6",
    title: "Ensure that service account tokens are only mounted where necessary",
    severity: "medium",
    types: ["kubernetes:core/v1:ServiceAccount"],
    at: "automountServiceAccountToken",
    allowed: "false; a pod that needs its token says so itself",
    ok: (value) => value === false,
    broken: true,
  }),
  property({
    id: "CIS 4.1.7",
    title: "Use the Cluster Access Manager API to manage access to the cluster",
    severity: "medium",
    types: ["eks:index:Cluster"],
    breaks: ["CIS 5.5.1"],
    at: "authenticationMode",
    allowed: "API",
    ok: (value) => value === "API",
    broken: "CONFIG_MAP",
  }),
  withheld(
    "CIS 4.1.8",
    "Limit use of the bind, impersonate and escalate permissions",
    (rule) =>
      listAt(rule, "verbs").some((verb) => ["bind", "impersonate", "escalate"].includes(String(verb))),
    { apiGroups: [""], resources: ["users"], verbs: ["impersonate"] },
  ),
  each({
    id: "CIS 4.2.1",
    title: "Minimize the admission of privileged containers",
    severity: "high",
    types: NAMESPACE,
    fault: (inputs) => {
      const found = admission(inputs);
      return found === "restricted" || found === "baseline"
        ? undefined
        : `found pod-security.kubernetes.io/enforce = ${String(found)}; allowed: restricted, or baseline`;
    },
    flip: (inputs) => {
      const labels = (at(inputs, "metadata.labels") ?? {}) as Properties;
      return put(inputs, "metadata.labels", {
        ...labels,
        "pod-security.kubernetes.io/enforce": "privileged",
      });
    },
  }),
  shared("CIS 4.2.2", "process ID", "hostPID"),
  shared("CIS 4.2.3", "IPC", "hostIPC"),
  shared("CIS 4.2.4", "network", "hostNetwork"),
  each({
    id: "CIS 4.2.5",
    title: "Minimize the admission of containers with allowPrivilegeEscalation",
    severity: "high",
    types: PODS,
    fault: (inputs) => {
      const found = containersThat(
        inputs,
        (one) => at(one, "securityContext.allowPrivilegeEscalation") !== false,
      );
      return found === "" ? undefined : `found ${found}; allowed: allowPrivilegeEscalation false`;
    },
    flip: (inputs) => withContainer(inputs, "securityContext.allowPrivilegeEscalation", true),
  }),
  each({
    id: "CIS 4.3.1",
    title: "Ensure that the CNI in use supports network policies",
    severity: "high",
    types: ["aws:eks/addon:Addon", "eks:index:Addon"],
    breaks: ["CIS 5.4.4"],
    applies: ({ inputs }) => inputs["addonName"] === "vpc-cni",
    fault: networkPolicyFault,
    flip: (inputs) => put(inputs, "configurationValues", "{}"),
  }),
  together({
    id: "CIS 4.3.2",
    title: "Ensure that all namespaces have network policies defined",
    severity: "high",
    types: NAMESPACE,
    fault: (namespace, all) =>
      policies(namespace, all).length > 0 ? undefined : "found no NetworkPolicy in it; allowed: one at least",
    flip: (namespace, all) => {
      const gone = policies(namespace, all);
      return without(all, (one) => gone.includes(one));
    },
  }),
  {
    id: "CIS 4.4.1",
    standard: "CIS EKS",
    title: "Prefer using secrets as files over secrets as environment variables",
    severity: "medium",
    unmet:
      "both are there: the application reads DATABASE_URL and its like, and follows a rotation by the files",
  },
  each({
    id: "CIS 4.4.2",
    title: "Consider external secret storage",
    severity: "medium",
    types: ["kubernetes:external-secrets.io/v1:ExternalSecret"],
    fault: (inputs) =>
      at(inputs, "spec.secretStoreRef.name") === undefined
        ? "found no store; allowed: spec.secretStoreRef of one in Secrets Manager"
        : undefined,
    flip: (inputs) => put(inputs, "spec.secretStoreRef", undefined),
  }),
  {
    id: "CIS 4.5.1",
    standard: "CIS EKS",
    title: "Create administrative boundaries between resources using namespaces",
    severity: "medium",
    notApplicable:
      "what it asks for is CIS 4.5.2, and that each part of the platform has a namespace of its own",
  },
  each({
    id: "CIS 4.5.2",
    title: "The default namespace should not be used",
    severity: "medium",
    types: ["kubernetes:*"],
    applies: ({ type }) => !CLUSTER_WIDE.test(type) && !type.startsWith("kubernetes:helm.sh/"),
    // Whatever is sought in its namespace is no longer found there.
    breaks: ["CIS 4.3.2", "S3 budget"],
    fault: (inputs) => {
      const namespace = at(inputs, "metadata.namespace");
      return namespace === undefined || namespace === "default"
        ? "found the default namespace; allowed: any other"
        : undefined;
    },
    flip: (inputs) => put(inputs, "metadata.namespace", "default"),
  }),
];

/** The VPC CNI does nothing about network policies until it is told to. */
export function networkPolicyFault(inputs: Properties): string | undefined {
  const values = inputs["configurationValues"];
  const text = typeof values === "string" ? values : JSON.stringify(values ?? {});
  return /"enableNetworkPolicy":\s*"?true/.test(text)
    ? undefined
    : "found enableNetworkPolicy off; allowed: true in configurationValues";
}

/** Section 5 asks for it a second time. */
export const CIS_NETWORK: Control = each({
  id: "CIS 5.4.4",
  title: "Ensure network policy is enabled and set as appropriate",
  severity: "high",
  types: ["aws:eks/addon:Addon", "eks:index:Addon"],
  breaks: ["CIS 4.3.1"],
  applies: ({ inputs }) => inputs["addonName"] === "vpc-cni",
  fault: networkPolicyFault,
  flip: (inputs) => put(inputs, "configurationValues", "{}"),
});
