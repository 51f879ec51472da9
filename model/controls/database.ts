import {
  type Control,
  GUARDED,
  type Inapplicable,
  type Judged,
  type Unmet,
  at,
  changed,
  controlsOf,
  isAtLeast,
  isGiven,
  isNotFalse,
  isNotTrue,
  isTrue,
  listAt,
  put,
} from "./control";
import { absent, unmet } from "./others";

const INSTANCE = ["aws:rds/instance:Instance"];
const { property, each, together } = controlsOf("FSBP", "S4");

/** A replica takes encryption, storage and backups from its source. */
const isPrimary = ({ inputs }: Judged): boolean => at(inputs, "replicateSourceDb") === undefined;

/** Seconds between two samples of enhanced monitoring that RDS offers. */
const INTERVALS: readonly unknown[] = [1, 5, 10, 15, 30, 60];

const has = (value: unknown, word: string): boolean => Array.isArray(value) && value.includes(word);

/** RDS, in the order of their numbers. */
export const DATABASE: readonly (Control | Inapplicable | Unmet)[] = [
  each({
    id: "RDS.1",
    title: "RDS snapshots should be private",
    severity: "critical",
    types: ["aws:rds/snapshot:Snapshot"],
    fault: (inputs) =>
      listAt(inputs, "sharedAccounts").includes("all")
        ? "found sharedAccounts with all; allowed: account numbers, or none"
        : undefined,
    flip: (inputs) => put(inputs, "sharedAccounts", ["all"]),
    sample: { dbInstanceIdentifier: "voiceassist-prod", dbSnapshotIdentifier: "voiceassist-prod-2-4-0" },
  }),
  property({
    id: "RDS.2",
    title: "RDS DB instances should prohibit public access",
    severity: "critical",
    types: INSTANCE,
    at: "publiclyAccessible",
    allowed: "false",
    ok: isNotTrue,
    broken: true,
  }),
  property({
    id: "RDS.3",
    title: "RDS DB instances should have encryption at rest enabled",
    severity: "medium",
    types: INSTANCE,
    scope: "the primary: a replica has it from there",
    applies: isPrimary,
    at: "storageEncrypted",
    allowed: "true",
    ok: isTrue,
    broken: false,
  }),
  {
    id: "RDS.4",
    standard: "FSBP",
    title: "RDS cluster snapshots and database snapshots should be encrypted at rest",
    severity: "medium",
    notApplicable:
      "a snapshot is encrypted as its instance is, and has no property of its own: RDS.3 judges it",
  },
  property({
    id: "RDS.5",
    title: "RDS DB instances should be configured with multiple Availability Zones",
    severity: "medium",
    types: INSTANCE,
    scope: "the primary: replicas are one in a zone, and each stands in for the others",
    applies: isPrimary,
    environments: GUARDED,
    at: "multiAz",
    allowed: "true",
    ok: isTrue,
    broken: false,
  }),
  property({
    id: "RDS.6",
    title: "Enhanced monitoring should be configured for RDS DB instances",
    severity: "low",
    types: INSTANCE,
    environments: GUARDED,
    at: "monitoringInterval",
    allowed: "1, 5, 10, 15, 30 or 60 seconds",
    ok: (value) => INTERVALS.includes(value),
    broken: 0,
  }),
  property({
    id: "RDS.8",
    title: "RDS DB instances should have deletion protection enabled",
    severity: "low",
    types: INSTANCE,
    environments: ["prod"],
    at: "deletionProtection",
    allowed: "true",
    ok: isTrue,
    broken: false,
  }),
  property({
    id: "RDS.9",
    title: "RDS DB instances should publish logs to CloudWatch Logs",
    severity: "medium",
    types: INSTANCE,
    at: "enabledCloudwatchLogsExports",
    allowed: "postgresql and upgrade",
    ok: (value) => has(value, "postgresql") && has(value, "upgrade"),
    broken: ["postgresql"],
  }),
  property({
    id: "RDS.10",
    title: "IAM authentication should be configured for RDS instances",
    severity: "medium",
    types: INSTANCE,
    at: "iamDatabaseAuthenticationEnabled",
    allowed: "true",
    ok: isTrue,
    broken: false,
  }),
  property({
    id: "RDS.11",
    title: "RDS instances should have automatic backups enabled",
    severity: "medium",
    types: INSTANCE,
    scope: "the primary: a replica has it from there",
    applies: isPrimary,
    environments: GUARDED,
    at: "backupRetentionPeriod",
    allowed: "7 days at least",
    ok: isAtLeast(7),
    broken: 6,
  }),
  property({
    id: "RDS.13",
    title: "RDS automatic minor version upgrades should be enabled",
    severity: "high",
    types: INSTANCE,
    at: "autoMinorVersionUpgrade",
    allowed: "true",
    ok: isNotFalse,
    broken: false,
  }),
  property({
    id: "RDS.17",
    title: "RDS DB instances should be configured to copy tags to snapshots",
    severity: "low",
    types: INSTANCE,
    at: "copyTagsToSnapshot",
    allowed: "true",
    ok: isTrue,
    broken: false,
  }),
  property({
    id: "RDS.18",
    title: "RDS instances should be deployed in a VPC",
    severity: "high",
    types: INSTANCE,
    scope: "the primary: a replica has it from there",
    applies: isPrimary,
    at: "dbSubnetGroupName",
    allowed: "a subnet group of the stack's VPC",
    ok: isGiven,
    broken: undefined,
  }),
  property({
    id: "RDS.25",
    title: "RDS database instances should use a custom administrator username",
    severity: "medium",
    types: INSTANCE,
    scope: "the primary: a replica has it from there",
    applies: isPrimary,
    at: "username",
    allowed: "any name but postgres and admin",
    ok: (value) => isGiven(value) && value !== "postgres" && value !== "admin",
    broken: "postgres",
  }),
  property({
    id: "RDS.36",
    title: "RDS for PostgreSQL DB instances should publish logs to CloudWatch Logs",
    severity: "medium",
    types: INSTANCE,
    breaks: ["RDS.9"],
    at: "enabledCloudwatchLogsExports",
    allowed: "postgresql",
    ok: (value) => has(value, "postgresql"),
    broken: ["upgrade"],
  }),
  each({
    id: "RDS.38",
    title: "RDS for PostgreSQL DB instances should be encrypted in transit",
    severity: "medium",
    types: ["aws:rds/parameterGroup:ParameterGroup"],
    fault: (inputs) => {
      const found = listAt(inputs, "parameters").find((one) => at(one, "name") === "rds.force_ssl");
      return String(at(found, "value")) === "1"
        ? undefined
        : `found rds.force_ssl = ${String(at(found, "value"))}; allowed: 1`;
    },
    flip: (inputs) =>
      put(
        inputs,
        "parameters",
        listAt(inputs, "parameters").map((one) =>
          at(one, "name") === "rds.force_ssl" ? put(one, "value", "0") : one,
        ),
      ),
  }),
  together({
    id: "RDS.46",
    title: "RDS DB instances should not be deployed in public subnets with routes to internet gateways",
    severity: "high",
    types: ["aws:rds/subnetGroup:SubnetGroup"],
    fault: ({ inputs }, all) => {
      const open = listAt(inputs, "subnetIds").filter((subnet) => publicSubnets(all).includes(subnet));
      return open.length === 0
        ? undefined
        : `found the public subnets ${open.join(", ")}; allowed: private ones`;
    },
    flip: (resource, all) => changed(all, resource, put(resource.inputs, "subnetIds", publicSubnets(all))),
  }),
  ...absent("FSBP", ["aws:rds/cluster:Cluster"], "the database is an instance, not a cluster", [
    ["RDS.7", "low", "RDS clusters should have deletion protection enabled"],
    ["RDS.12", "medium", "IAM authentication should be configured for RDS clusters"],
    ["RDS.14", "medium", "Amazon Aurora clusters should have backtracking enabled"],
    ["RDS.15", "medium", "RDS DB clusters should be configured for multiple Availability Zones"],
    ["RDS.16", "low", "Aurora DB clusters should be configured to copy tags to DB snapshots"],
    [
      "RDS.19",
      "low",
      "RDS event notification subscriptions should be configured for critical cluster events",
    ],
    ["RDS.24", "medium", "RDS database clusters should use a custom administrator username"],
    ["RDS.27", "medium", "RDS DB clusters should be encrypted at rest"],
    ["RDS.34", "medium", "Aurora MySQL DB clusters should publish audit logs to CloudWatch Logs"],
    ["RDS.35", "medium", "RDS DB clusters should have automatic minor version upgrade enabled"],
    ["RDS.37", "medium", "Aurora PostgreSQL DB clusters should publish logs to CloudWatch Logs"],
    ["RDS.45", "medium", "Aurora MySQL DB clusters should have audit logging enabled"],
    ["RDS.47", "low", "RDS for PostgreSQL DB clusters should be configured to copy tags to DB snapshots"],
    ["RDS.48", "low", "RDS for MySQL DB clusters should be configured to copy tags to DB snapshots"],
    ["RDS.50", "medium", "RDS DB clusters should have a sufficient backup retention period"],
  ]),
  ...absent("FSBP", [], "the database is PostgreSQL", [
    ["RDS.39", "medium", "RDS for MySQL DB instances should be encrypted in transit"],
    ["RDS.40", "medium", "RDS for SQL Server DB instances should publish logs to CloudWatch Logs"],
    ["RDS.41", "medium", "RDS for SQL Server DB instances should be encrypted in transit"],
    ["RDS.42", "medium", "RDS for MariaDB DB instances should publish logs to CloudWatch Logs"],
    ["RDS.44", "medium", "RDS for MariaDB DB instances should be encrypted in transit"],
  ]),
  ...absent("FSBP", ["aws:rds/proxy:Proxy"], "there is no proxy", [
    ["RDS.43", "medium", "RDS DB proxies should require TLS encryption for connections"],
  ]),
  ...unmet("FSBP", "it listens on 5432: security groups and network policies admit pods alone, by any port", [
    ["RDS.23", "low", "RDS instances should not use a database engine default port"],
  ]),
  ...unmet("FSBP", "nobody is subscribed to events of RDS: the stack has no notifications yet", [
    [
      "RDS.20",
      "low",
      "RDS event notification subscriptions should be configured for critical instance events",
    ],
    ["RDS.21", "low", "A subscription should be configured for critical database parameter group events"],
    ["RDS.22", "low", "A subscription should be configured for critical database security group events"],
  ]),
];

/** Subnets of load balancers that the internet reaches. */
const publicSubnets = (all: readonly Judged[]): readonly unknown[] =>
  all
    .filter(({ type, inputs }) => type === "aws:lb/loadBalancer:LoadBalancer" && inputs["internal"] !== true)
    .flatMap(({ inputs }) => listAt(inputs, "subnets"));
