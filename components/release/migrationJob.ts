import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { SECRETS, SECRETS_FOLDER } from "../../model/backends";
import type { Evolved } from "../../model/evolution";
import { hashOf } from "../../model/names";
import { SCHEMA_ANNOTATION } from "../../model/recorded";
import { SERVICE_ACCOUNT } from "./databaseJobAccount";

/** Label that says what a Job does to the database, and that its way to the database is open by. */
export type DatabaseJobKind = "migration" | "rollback" | "integrity-check";

export interface DatabaseJobArgs {
  /** The Job's name; it carries a hash of what it does, because a Job's template never changes. */
  name: string;
  kind: DatabaseJobKind;
  app: string;
  /** Absent: it belongs to no version. */
  version?: string;
  namespace: pulumi.Input<string>;
  image: string;
  command: readonly string[];
  /** Environment variables of the pod. */
  env: k8s.types.input.core.v1.EnvVar[];
  /** Folders beside `/tmp` and the database's credentials. */
  folders?: readonly { name: string; path: string; configMap: pulumi.Input<string> }[];
  /** The user that the image runs as, where it does not say so itself by a number. */
  user?: number;
  /** Memory of the pod, as a Kubernetes quantity. */
  memory: string;
  /** After so many seconds, for all attempts together, the Job has failed. */
  deadlineSeconds: number;
  /** What it leaves the schema as. Absent: as it was. */
  leaves?: Evolved;
}

export interface DatabaseJobOptions extends pulumi.CustomResourceOptions {
  /** Tells where the logs are when it fails. */
  tells: pulumi.ErrorHook;
}

/** Attempts after the first one. */
const RETRIES = 3;

/** What the engine waits longer than the Job's own deadline, in seconds: for nodes, and to hear of its end. */
const PATIENCE_SECONDS = 300;

/** Variables with the database's address and the user of the moment. */
export const DATABASE_URL: k8s.types.input.core.v1.EnvVar = {
  name: "DATABASE_URL",
  valueFrom: { secretKeyRef: { name: SECRETS.database, key: "url" } },
};

/** `migrate-2-4-0-1f0c9a2b`: people find it by its version, and another content has another name. */
export function jobName(verb: string, version: string, content: readonly unknown[]): string {
  const readable = version
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 30)
    .replace(/^-+|-+$/g, "");
  return `${verb}-${readable}-${hashOf([verb, version, content])}`;
}

/**
 * A Job that works on the database and runs once. Where it has failed, or was still running when the engine
 * was ended, the next update replaces it: it starts anew, and its tool goes on where it stopped.
 */
export function databaseJob(args: DatabaseJobArgs, opts: DatabaseJobOptions): k8s.batch.v1.Job {
  const { tells, ...rest } = opts;
  const { name, namespace, kind, leaves, deadlineSeconds } = args;
  const labels = {
    "app.kubernetes.io/name": kind,
    "app.kubernetes.io/component": kind,
    "app.kubernetes.io/part-of": args.app,
    "app.kubernetes.io/managed-by": "pulumi",
    ...(args.version !== undefined && { "app.kubernetes.io/version": args.version }),
  };
  const wait = `${deadlineSeconds + PATIENCE_SECONDS}s`;
  return new k8s.batch.v1.Job(
    name,
    {
      metadata: {
        name,
        namespace,
        labels,
        annotations: {
          "pulumi.com/replaceUnready": "true",
          ...(leaves && { [SCHEMA_ANNOTATION]: JSON.stringify(leaves) }),
        },
      },
      spec: {
        backoffLimit: RETRIES,
        activeDeadlineSeconds: deadlineSeconds,
        // A pod that its node takes away has not failed. It is gone before the next one starts.
        podFailurePolicy: {
          rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
        },
        podReplacementPolicy: "Failed",
        template: { metadata: { labels }, spec: podSpec(args) },
      },
    },
    {
      ...rest,
      customTimeouts: { create: wait, update: wait },
      hooks: { onError: [tells] },
    },
  );
}

function podSpec(args: DatabaseJobArgs): k8s.types.input.core.v1.PodSpec {
  const folders = args.folders ?? [];
  return {
    restartPolicy: "Never",
    serviceAccountName: SERVICE_ACCOUNT,
    automountServiceAccountToken: false,
    securityContext: {
      runAsNonRoot: true,
      ...(args.user !== undefined && { runAsUser: args.user, runAsGroup: args.user }),
      seccompProfile: { type: "RuntimeDefault" },
    },
    volumes: [
      { name: "tmp", emptyDir: {} },
      { name: SECRETS.database, secret: { secretName: SECRETS.database } },
      ...folders.map(({ name, configMap }) => ({ name, configMap: { name: configMap } })),
    ],
    containers: [
      {
        name: args.kind,
        image: args.image,
        command: [...args.command],
        env: args.env,
        volumeMounts: [
          { name: "tmp", mountPath: "/tmp" },
          { name: SECRETS.database, mountPath: `${SECRETS_FOLDER}/${SECRETS.database}`, readOnly: true },
          ...folders.map(({ name, path }) => ({ name, mountPath: path, readOnly: true })),
        ],
        resources: {
          requests: { cpu: "100m", memory: args.memory },
          limits: { memory: args.memory },
        },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
      },
    ],
  };
}

/**
 * Says where a Job's logs are when it fails, for the engine's message has only the pods' last states. One for
 * all Jobs of a stack; every resource that it stands by is a Job.
 */
export const jobLogs = (namespace: string): pulumi.ErrorHook =>
  new pulumi.ErrorHook("sluice-job-logs", async (failure) => {
    await pulumi.log.error(whereLogsAre(namespace, failure));
    return false;
  });

/** The message of {@link jobLogs}. */
export function whereLogsAre(
  namespace: string,
  { name }: Pick<pulumi.ErrorHookArgs, "name" | "errors">,
): string {
  return (
    `job ${name} did not complete, and nothing that waits for it was changed. ` +
    `Its logs: kubectl logs -n ${namespace} job/${name}; its pods: kubectl get pods -n ${namespace} -l job-name=${name}. ` +
    `Mend the cause and run pulumi up again: the Job is replaced, and its tool goes on where it stopped.`
  );
}
