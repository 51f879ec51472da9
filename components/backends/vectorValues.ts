import type * as pulumi from "@pulumi/pulumi";
import type { VectorStoreSettings } from "../../model/backends";
import { STORE_PODS } from "./vectorNetwork";
import { FIRST_SIZE } from "./vectorVolumes";

/** Seconds that a node gets to write down what it has before it is killed. */
const GRACE_SECONDS = 60;

/** What a container needs where Pod Security is "restricted". */
const CONTAINER = {
  runAsNonRoot: true,
  runAsUser: 1000,
  runAsGroup: 2000,
  allowPrivilegeEscalation: false,
  privileged: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};

/** Values of Qdrant's chart. Nothing that a StatefulSet cannot change follows a setting. */
export function storeValues(
  settings: VectorStoreSettings,
  where: { storageClass: pulumi.Input<string>; apiKey: { name: string; key: string } },
) {
  const volume = { size: FIRST_SIZE, storageClassName: where.storageClass };
  const probe = { enabled: true, periodSeconds: 5, timeoutSeconds: 2 };
  return {
    replicaCount: settings.replicas,
    // Without it the chart changes the owner of files as root, which "restricted" refuses; fsGroup does it too.
    image: { useUnprivilegedImage: true },
    updateVolumeFsOwnership: false,
    containerSecurityContext: CONTAINER,
    podSecurityContext: {
      runAsNonRoot: true,
      fsGroup: 3000,
      fsGroupChangePolicy: "OnRootMismatch",
      seccompProfile: { type: "RuntimeDefault" },
    },
    // The chart's own way to a key of ours copies it into a Secret of its own, and into Helm's record.
    env: [
      { name: "QDRANT__SERVICE__API_KEY", valueFrom: { secretKeyRef: where.apiKey } },
      { name: "QDRANT__TELEMETRY_DISABLED", value: "true" },
    ],
    // One node too: the others join it when there are more. Nodes that knew nothing of each other would each hold a
    // part of the data behind one address.
    config: { cluster: { enabled: true } },
    resources: {
      requests: { cpu: settings.cpu, memory: settings.memory },
      limits: { memory: settings.memory },
    },
    persistence: volume,
    // A snapshot that is too large would else stop the node that takes it.
    snapshotPersistence: { ...volume, enabled: true },
    affinity: {
      podAntiAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: [
          { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: STORE_PODS } },
        ],
      },
    },
    topologySpreadConstraints: [
      {
        topologyKey: "topology.kubernetes.io/zone",
        maxSkew: 1,
        // A volume stays in its zone, so where a node starts first it starts ever after.
        whenUnsatisfiable: "DoNotSchedule",
        labelSelector: { matchLabels: STORE_PODS },
      },
    ],
    podDisruptionBudget: { enabled: true, maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow" },
    terminationGracePeriodSeconds: GRACE_SECONDS,
    // Loading what is on the volume may take minutes.
    startupProbe: { ...probe, failureThreshold: 120 },
    livenessProbe: { ...probe, failureThreshold: 6 },
    readinessProbe: probe,
  };
}
