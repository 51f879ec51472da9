import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";
import type { Key } from "../key";

export interface StorageClassesArgs {
  environment: Environment;
  /** Encrypts the volumes. */
  key: Pick<Key, "arn">;
}

/** Storage classes by what their volumes are for; EKS brings none that encrypts. */
export interface StorageClasses {
  /** Data. In prod a claim that is deleted by mistake costs a visit to the console, and not the data. */
  readonly data: pulumi.Output<string>;
  /** Files that a pod has while it runs. The volume goes with its claim everywhere, or each run would leave one. */
  readonly scratch: pulumi.Output<string>;
}

/** The classes of encrypted volumes, each in the zone of the pod that it is for, and able to grow. */
export function storageClasses(
  { environment, key }: StorageClassesArgs,
  opts: pulumi.CustomResourceOptions,
): StorageClasses {
  const named = (name: string, reclaimPolicy: "Retain" | "Delete") =>
    new k8s.storage.v1.StorageClass(
      name,
      {
        metadata: { name, labels: { "app.kubernetes.io/managed-by": "pulumi" } },
        provisioner: "ebs.csi.aws.com",
        parameters: {
          type: "gp3",
          encrypted: "true",
          kmsKeyId: key.arn,
          "csi.storage.k8s.io/fstype": "ext4",
        },
        volumeBindingMode: "WaitForFirstConsumer",
        allowVolumeExpansion: true,
        reclaimPolicy,
      },
      opts,
    ).metadata.name;
  return {
    data: named("gp3-encrypted", environment === "prod" ? "Retain" : "Delete"),
    scratch: named("gp3-encrypted-scratch", "Delete"),
  };
}
