import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/**
 * The major version of PostgreSQL. Minor versions come by themselves, in the maintenance window; a major one
 * is an edit here, together with `allowMajorVersionUpgrade`, for it cannot be taken back.
 */
export const POSTGRES_MAJOR = "16";

const PARAMETERS: Readonly<Record<string, string>> = {
  "rds.force_ssl": "1",
  ssl_min_protocol_version: "TLSv1.2",
  password_encryption: "scram-sha-256",
  log_connections: "1",
  log_disconnections: "1",
  log_lock_waits: "1",
  /** Milliseconds: what takes longer is worth a line. */
  log_min_duration_statement: "1000",
  // Statements are not logged by kind: "ddl" would write each password that a rotation sets into the log.
  log_statement: "none",
};

/**
 * The parameters of every instance. The group belongs to one major version by its name as well: a new
 * version gets a new group beside the old one, which AWS keeps as long as an instance uses it.
 */
export const parameterGroup = (name: string, opts: pulumi.CustomResourceOptions): aws.rds.ParameterGroup =>
  new aws.rds.ParameterGroup(
    `${name}-postgres${POSTGRES_MAJOR}`,
    {
      family: `postgres${POSTGRES_MAJOR}`,
      description: `PostgreSQL ${POSTGRES_MAJOR} of ${name}`,
      parameters: Object.entries(PARAMETERS).map(([parameter, value]) => ({ name: parameter, value })),
    },
    opts,
  );
