import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { VectorStoreSettings } from "../../model/backends";

/**
 * The size that a volume is made with, whatever it grows to: a StatefulSet refuses every change of it, and
 * would have to be replaced for one.
 */
export const FIRST_SIZE = "10Gi";

/** The claims of each node, as the chart names them. */
const CLAIMS = ["qdrant-storage", "qdrant-snapshots"];

/**
 * Volumes of the size that settings ask for, in each of the store's nodes: they grow in place, under the
 * running node. They never shrink, for Kubernetes refuses that.
 */
export const vectorVolumes = (
  store: string,
  {
    settings,
    home,
  }: { settings: Pick<VectorStoreSettings, "replicas" | "storageGb">; home: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.PersistentVolumeClaimPatch[] =>
  Array.from({ length: settings.replicas }, (_, index) => `${store}-${index}`)
    .flatMap((pod) => CLAIMS.map((claim) => `${claim}-${pod}`))
    .map(
      (claim) =>
        new k8s.core.v1.PersistentVolumeClaimPatch(
          claim,
          {
            metadata: {
              name: claim,
              namespace: home,
              // The StatefulSet's controller set the size first, and does not look at it again.
              annotations: { "pulumi.com/patchForce": "true" },
            },
            spec: { resources: { requests: { storage: `${settings.storageGb}Gi` } } },
          },
          // To take the patch back would take the size away; the claim goes with its namespace.
          { ...opts, retainOnDelete: true },
        ),
    );
