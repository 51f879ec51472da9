import {
  type Control,
  GUARDED,
  type Judged,
  at,
  controlsOf,
  isOrMayBe,
  isTrue,
  listAt,
  without,
} from "./control";
import { PODS, SERVING, containersThat, podOf, selects, withContainer, withPod } from "./pods";

const { each, together } = controlsOf("Sluice", "S3");

/** Probes that a serving container has. */
const PROBES = ["startupProbe", "livenessProbe", "readinessProbe"] as const;

const ZONE = "topology.kubernetes.io/zone";
const HOST = "kubernetes.io/hostname";

/** Topologies over which pods are kept apart, by spread or by anti-affinity. */
const topologies = (pod: unknown): readonly unknown[] => [
  ...listAt(pod, "topologySpreadConstraints").map((one) => at(one, "topologyKey")),
  ...listAt(pod, "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution").map((one) =>
    at(one, "topologyKey"),
  ),
];

const budgets = (owner: Judged, all: readonly Judged[]): readonly Judged[] =>
  all.filter(
    ({ type, inputs }) =>
      type === "kubernetes:policy/v1:PodDisruptionBudget" &&
      isOrMayBe(at(inputs, "metadata.namespace"), at(owner.inputs, "metadata.namespace")) &&
      selects(at(inputs, "spec.selector.matchLabels"), owner),
  );

/** What every pod of the platform has: S3. */
export const WORKLOADS: readonly Control[] = [
  each({
    id: "S3 probes",
    title: "Containers should have startup, liveness and readiness probes",
    severity: "high",
    types: SERVING,
    fault: (inputs) => {
      const bare = listAt(podOf(inputs), "containers").flatMap((container) =>
        PROBES.filter((probe) => at(container, probe) === undefined).map(
          (probe) => `${String(at(container, "name"))} without ${probe}`,
        ),
      );
      return bare.length === 0 ? undefined : `found ${bare.join(", ")}; allowed: all of ${PROBES.join(", ")}`;
    },
    flip: (inputs) => withContainer(inputs, "readinessProbe", undefined),
  }),
  each({
    id: "S3 limits",
    title: "Containers should ask for processor and memory, and be limited in memory",
    severity: "high",
    types: PODS,
    fault: (inputs) => {
      const bare = containersThat(inputs, (one) =>
        ["requests.cpu", "requests.memory", "limits.memory"].some(
          (path) => at(one, `resources.${path}`) === undefined,
        ),
      );
      return bare === ""
        ? undefined
        : `found ${bare} without; allowed: requests.cpu, requests.memory and limits.memory`;
    },
    flip: (inputs) => withContainer(inputs, "resources.limits.memory", undefined),
  }),
  each({
    id: "S3 spread",
    title: "Pods should be spread over zones and nodes",
    severity: "medium",
    types: SERVING,
    fault: (inputs) => {
      const missing = [ZONE, HOST].filter((key) => !topologies(podOf(inputs)).includes(key));
      return missing.length === 0 ? undefined : `found no spread over ${missing.join(", ")}; allowed: both`;
    },
    flip: (inputs) => withPod(inputs, "topologySpreadConstraints", []),
  }),
  each({
    id: "S3 user",
    title: "Containers should not run as root, and under the runtime's seccomp profile",
    severity: "high",
    types: PODS,
    fault: (inputs) => {
      const pod = podOf(inputs);
      const found = containersThat(
        inputs,
        (one) =>
          !isTrue(at(one, "securityContext.runAsNonRoot") ?? at(pod, "securityContext.runAsNonRoot")) ||
          (at(one, "securityContext.seccompProfile.type") ??
            at(pod, "securityContext.seccompProfile.type")) !== "RuntimeDefault",
      );
      return found === ""
        ? undefined
        : `found ${found}; allowed: runAsNonRoot true and seccompProfile RuntimeDefault`;
    },
    flip: (inputs) => withContainer(inputs, "securityContext.runAsNonRoot", false),
  }),
  each({
    id: "S3 file system",
    title: "Containers should have a read-only root file system",
    severity: "medium",
    types: PODS,
    fault: (inputs) => {
      const found = containersThat(
        inputs,
        (one) => !isTrue(at(one, "securityContext.readOnlyRootFilesystem")),
      );
      return found === "" ? undefined : `found ${found}; allowed: readOnlyRootFilesystem true`;
    },
    flip: (inputs) => withContainer(inputs, "securityContext.readOnlyRootFilesystem", false),
  }),
  each({
    id: "S3 capabilities",
    title: "Containers should drop all capabilities",
    severity: "high",
    types: PODS,
    fault: (inputs) => {
      const found = containersThat(
        inputs,
        (one) => !listAt(one, "securityContext.capabilities.drop").includes("ALL"),
      );
      return found === "" ? undefined : `found ${found}; allowed: capabilities.drop with ALL`;
    },
    flip: (inputs) => withContainer(inputs, "securityContext.capabilities", { drop: [] }),
  }),
  together({
    id: "S3 budget",
    title: "What serves should have a disruption budget",
    severity: "medium",
    types: SERVING,
    environments: GUARDED,
    fault: (owner, all) =>
      budgets(owner, all).length > 0
        ? undefined
        : "found no PodDisruptionBudget that selects its pods; allowed: one",
    flip: (owner, all) => {
      const gone = budgets(owner, all);
      return without(all, (one) => gone.includes(one));
    },
  }),
];
