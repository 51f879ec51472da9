import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { VectorStoreSettings } from "../../model/backends";
import type { Environment } from "../../model/environments";
import { privateBucket } from "../bucket";
import type { Cluster } from "../cluster/cluster";
import { podRole } from "../cluster/podRole";
import type { Key } from "../key";
import { HTTP_PORT, SNAPSHOT_PODS } from "./vectorNetwork";

export interface VectorSnapshotsArgs {
  /** `<app>-<environment>`, before every name in AWS. */
  name: string;
  environment: Environment;
  region: string;
  settings: Pick<VectorStoreSettings, "replicas" | "storageGb" | "snapshotDays">;
  cluster: Pick<Cluster, "oidcProviderArn" | "oidcIssuer" | "provider" | "storageClasses">;
  key: Pick<Key, "arn">;
  /** The store's namespace by its name, and from the Namespace itself. */
  namespace: string;
  home: pulumi.Input<string>;
  /** The StatefulSet's name: its pods are `<store>-0` and so on, behind the Service `<store>-headless`. */
  store: string;
  /** The Kubernetes Secret, and its key with the whole header line that carries the API key. */
  header: { secret: pulumi.Input<string>; key: string };
}

/** It has `aws`, and Amazon Linux's `curl`. */
const IMAGE = "public.ecr.aws/aws-cli/aws-cli:2.36.9";

/** What the job runs, with `sh`. */
const SCRIPT = "vectorSnapshots.sh";

const SERVICE_ACCOUNT = "qdrant-snapshots";

/** Where in the bucket snapshots are. */
const PREFIX = "qdrant";

/** Every night, in UTC, off the full hour at which everybody's jobs start. */
const SCHEDULE = "17 2 * * *";

/** Seconds that one run may take, and that a start may be late. */
const DEADLINE = 4 * 3600;
const STARTING_DEADLINE = 3600;

const SCRATCH = "/scratch";
const SCRIPT_FOLDER = "/script";
const HEADER_FOLDER = "/header";

/** Every night each node's collections to S3, where they expire. A run in which one node fails is a failed Job. */
export class VectorSnapshots extends pulumi.ComponentResource {
  /** The bucket's name. */
  readonly bucket: pulumi.Output<string>;

  constructor(name: string, args: VectorSnapshotsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:backends:VectorSnapshots", name, {}, opts);
    const { cluster, home } = args;
    const inCluster = { parent: this, provider: cluster.provider };
    const { bucket } = privateBucket(
      `${args.name}-qdrant`,
      { environment: args.environment, key: args.key, days: args.settings.snapshotDays },
      { parent: this },
    );
    this.bucket = bucket.bucket;
    const role = podRole(
      `${args.name}-qdrant-snapshots`,
      {
        cluster,
        namespace: args.namespace,
        serviceAccount: SERVICE_ACCOUNT,
        policy: upload(bucket.arn, args),
      },
      { parent: this },
    );
    const labels = { ...SNAPSHOT_PODS, "app.kubernetes.io/managed-by": "pulumi" };
    const account = new k8s.core.v1.ServiceAccount(
      name,
      {
        metadata: {
          name: SERVICE_ACCOUNT,
          namespace: home,
          labels,
          annotations: { "eks.amazonaws.com/role-arn": role.arn },
        },
        // Its token for AWS comes by a volume of its own; it has no business with Kubernetes.
        automountServiceAccountToken: false,
      },
      inCluster,
    );
    const script = new k8s.core.v1.ConfigMap(
      name,
      {
        metadata: { namespace: home, labels },
        data: { [SCRIPT]: readFileSync(join(__dirname, SCRIPT), "utf8") },
      },
      inCluster,
    );
    new k8s.batch.v1.CronJob(
      name,
      {
        metadata: { name: SERVICE_ACCOUNT, namespace: home, labels },
        spec: {
          schedule: SCHEDULE,
          timeZone: "Etc/UTC",
          concurrencyPolicy: "Forbid",
          startingDeadlineSeconds: STARTING_DEADLINE,
          // Each holds its volume until it is gone.
          successfulJobsHistoryLimit: 1,
          failedJobsHistoryLimit: 2,
          jobTemplate: {
            spec: {
              backoffLimit: 1,
              activeDeadlineSeconds: DEADLINE,
              template: {
                metadata: { labels },
                spec: podSpec(args, {
                  serviceAccountName: account.metadata.name,
                  script: script.metadata.name,
                  bucket: this.bucket,
                }),
              },
            },
          },
        },
      },
      inCluster,
    );
    this.registerOutputs({ bucket: this.bucket });
  }
}

function podSpec(
  { region, settings, store, cluster, header }: VectorSnapshotsArgs,
  made: Record<"serviceAccountName" | "script" | "bucket", pulumi.Input<string>>,
): k8s.types.input.core.v1.PodSpec {
  const nodes = Array.from({ length: settings.replicas }, (_, index) => `${store}-${index}`);
  return {
    serviceAccountName: made.serviceAccountName,
    automountServiceAccountToken: false,
    restartPolicy: "Never",
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      fsGroup: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: "snapshots",
        image: IMAGE,
        command: ["/bin/sh", `${SCRIPT_FOLDER}/${SCRIPT}`],
        env: Object.entries({
          NODES: nodes.map((node) => `${node}=http://${node}.${store}-headless:${HTTP_PORT}`).join(" "),
          HEADER_FILE: `${HEADER_FOLDER}/${header.key}`,
          BUCKET: made.bucket,
          PREFIX,
          SCRATCH,
          AWS_REGION: region,
          // The root file system is read-only, and the command line keeps its cache at home.
          HOME: SCRATCH,
        }).map(([name, value]) => ({ name, value })),
        resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "512Mi" } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        volumeMounts: [
          { name: "scratch", mountPath: SCRATCH },
          { name: "script", mountPath: SCRIPT_FOLDER, readOnly: true },
          { name: "header", mountPath: HEADER_FOLDER, readOnly: true },
        ],
      },
    ],
    volumes: [
      {
        // A snapshot is as large as a node's data, and the machine's own disk is not. It lives as long as the pod.
        name: "scratch",
        ephemeral: {
          volumeClaimTemplate: {
            spec: {
              accessModes: ["ReadWriteOnce"],
              storageClassName: cluster.storageClasses.scratch,
              resources: { requests: { storage: `${settings.storageGb}Gi` } },
            },
          },
        },
      },
      { name: "script", configMap: { name: made.script } },
      {
        name: "header",
        secret: { secretName: header.secret, items: [{ key: header.key, path: header.key }] },
      },
    ],
  };
}

/** To put a snapshot into its place, and nothing else: not to read one, list them or remove them. */
const upload = (
  bucketArn: pulumi.Output<string>,
  { key, region }: Pick<VectorSnapshotsArgs, "key" | "region">,
): pulumi.Output<string> =>
  pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Action: "s3:PutObject",
        Resource: pulumi.interpolate`${bucketArn}/${PREFIX}/*`,
      },
      {
        // S3 encrypts a large upload part by part, and must decrypt its key for each of them.
        Effect: "Allow",
        Action: ["kms:GenerateDataKey", "kms:Decrypt"],
        Resource: key.arn,
        Condition: { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } },
      },
    ],
  });
