import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";
import type { Key } from "../key";

export interface StorageClassArgs {
  environment: Environment;
  /** Encrypts the volumes. */
  key: Pick<Key, "arn">;
}

/** The storage class of every volume that is asked for by name; EKS brings none that encrypts. */
export const STORAGE_CLASS = "gp3-encrypted";

/** Encrypted volumes, each in the zone of the pod that it is for, and able to grow. */
export const storageClass = (
  { environment, key }: StorageClassArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.storage.v1.StorageClass =>
  new k8s.storage.v1.StorageClass(
    STORAGE_CLASS,
    {
      metadata: { name: STORAGE_CLASS, labels: { "app.kubernetes.io/managed-by": "pulumi" } },
      provisioner: "ebs.csi.aws.com",
      parameters: {
        type: "gp3",
        encrypted: "true",
        kmsKeyId: key.arn,
        "csi.storage.k8s.io/fstype": "ext4",
      },
      volumeBindingMode: "WaitForFirstConsumer",
      allowVolumeExpansion: true,
      // In prod a claim that is deleted by mistake costs a visit to the console, not the data.
      reclaimPolicy: environment === "prod" ? "Retain" : "Delete",
    },
    opts,
  );
