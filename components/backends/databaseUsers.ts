import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { SECRETS } from "../../model/backends";
import { hashOf } from "../../model/names";
import { commonLabels } from "../service/labels";
import { databaseAuthorities } from "./databaseAuthorities";
import { CLONE_SUFFIX, MASTER_SECRET, databaseOwner, databaseUser } from "./databaseNames";
import { POSTGRES_IMAGE, POSTGRES_USER } from "./postgresImage";

export interface DatabaseUsersArgs {
  app: string;
  /** AWS region of the database. */
  region: string;
  /** The services' namespace: it has the Secrets `db-master` and `db-credentials`. */
  namespace: pulumi.Input<string>;
}

const SCRIPTS = ["databaseUsers.sh", "databaseUsers.sql"] as const;
const AUTHORITIES = "rds-ca.pem";
const FOLDER = "/etc/database-users";

/** Seconds for all attempts together: less than the ten minutes that the engine waits for a Job. */
const DEADLINE_SECONDS = 300;

/** Its name, that of its service account, and the component by which network policies let it reach the database. */
const NAME = "database-users";

/**
 * The Job that makes the owner of the database's objects and the two users that the rotation lets take
 * turns. It may run at any time, and as often as wanted. What needs the database waits for it.
 *
 * Its name carries a hash of all that it does, for a Job's template never changes: another script is another
 * Job, and the same one does not run again.
 *
 * @param opts `dependsOn` names the Secrets that it reads, the database, and the policies that let it get there
 */
export function databaseUsersJob(
  args: DatabaseUsersArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.batch.v1.Job {
  const files = filesOf(args.region);
  const labels = commonLabels(args.app, NAME, NAME);
  const name = `${NAME}-${hashOf({ files, pod: podSpec(args.app, NAME), labels })}`;
  const metadata = { name, namespace: args.namespace, labels };
  const scripts = new k8s.core.v1.ConfigMap(name, { metadata, immutable: true, data: files }, opts);
  const account = new k8s.core.v1.ServiceAccount(
    NAME,
    { metadata: { ...metadata, name: NAME }, automountServiceAccountToken: false },
    opts,
  );
  return new k8s.batch.v1.Job(
    name,
    {
      // A Job that failed is run again by the next update, and not waited for once more.
      metadata: { ...metadata, annotations: { "pulumi.com/replaceUnready": "true" } },
      spec: {
        backoffLimit: 3,
        activeDeadlineSeconds: DEADLINE_SECONDS,
        template: { metadata: { labels }, spec: podSpec(args.app, scripts.metadata.name) },
      },
    },
    pulumi.mergeOptions(opts, { dependsOn: [account] }),
  );
}

/** What the Job's folder has in it. */
const filesOf = (region: string): Record<string, string> => ({
  ...Object.fromEntries(SCRIPTS.map((script) => [script, readFileSync(join(__dirname, script), "utf8")])),
  [AUTHORITIES]: databaseAuthorities(region),
});

const podSpec = (app: string, scripts: pulumi.Input<string>) => ({
  restartPolicy: "Never",
  serviceAccountName: NAME,
  automountServiceAccountToken: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: POSTGRES_USER,
    runAsGroup: POSTGRES_USER,
    seccompProfile: { type: "RuntimeDefault" },
  },
  volumes: [{ name: "scripts", configMap: { name: scripts } }],
  containers: [
    {
      name: NAME,
      image: POSTGRES_IMAGE,
      command: ["sh", `${FOLDER}/${SCRIPTS[0]}`],
      env: environment(app),
      volumeMounts: [{ name: "scripts", mountPath: FOLDER, readOnly: true }],
      resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "128Mi" } },
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      },
    },
  ],
});

/** The administrator's connection as psql takes it from its environment, and whom to make. */
function environment(app: string) {
  const from = (variable: string, secret: string, key: string) => ({
    name: variable,
    valueFrom: { secretKeyRef: { name: secret, key } },
  });
  const is = (name: string, value: string) => ({ name, value });
  return [
    from("PGHOST", MASTER_SECRET, "host"),
    from("PGPORT", MASTER_SECRET, "port"),
    from("PGDATABASE", MASTER_SECRET, "dbname"),
    from("PGUSER", MASTER_SECRET, "username"),
    from("PGPASSWORD", MASTER_SECRET, "password"),
    is("PGSSLMODE", "verify-full"),
    is("PGSSLROOTCERT", `${FOLDER}/${AUTHORITIES}`),
    is("PGCONNECT_TIMEOUT", "10"),
    from("APP_USERNAME", SECRETS.database, "username"),
    from("APP_PASSWORD", SECRETS.database, "password"),
    is("OWNER", databaseOwner(app)),
    is("DATABASE_USER", databaseUser(app)),
    is("DATABASE_USER_CLONE", `${databaseUser(app)}${CLONE_SUFFIX}`),
  ];
}
