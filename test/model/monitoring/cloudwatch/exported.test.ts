import assert from "node:assert/strict";
import { BACKENDS } from "../../../../model/backends";
import { type Watched, alertsOf } from "../../../../model/monitoring/alerts";
import { SERIES, exporterConfig } from "../../../../model/monitoring/cloudwatch/exported";
import { defaultSlo } from "../../../../model/monitoring/objectives";

const asked = (environment: "dev" | "prod") =>
  exporterConfig({
    ...{ name: `app-${environment}`, region: "eu-west-1", backends: BACKENDS[environment] },
    certificates: [{ of: "CloudFront", arn: "arn:of-it", region: "us-east-1" }],
  }).static;

const STACK: Watched = {
  ...{ app: "app", environment: "prod", stack: "prod", runbooks: "docs/alerts.md" },
  ...{ slo: defaultSlo(["api-gateway"]), backends: BACKENDS.prod },
};

describe("what the exporter asks CloudWatch for", () => {
  it("is every instance of the database, every node of the cache and every certificate, each by its name", () => {
    const named = (namespace: string) =>
      asked("prod")
        .filter((job) => job.namespace === namespace)
        .map(({ name }) => name);
    assert.deepEqual(named("AWS/RDS"), ["app-prod", "app-prod-replica-1", "app-prod-replica-2"]);
    assert.equal(named("AWS/ElastiCache").length, 6);
    assert.deepEqual(named("AWS/CertificateManager"), ["CloudFront"]);
  });

  it("is one metric of one resource in each job, a certificate's where ACM has it", () => {
    assert.deepEqual(asked("dev").at(-1), {
      name: "CloudFront",
      namespace: "AWS/CertificateManager",
      regions: ["us-east-1"],
      dimensions: [{ name: "CertificateArn", value: "arn:of-it" }],
      metrics: [{ name: "DaysToExpiry", statistics: ["Minimum"], period: 86_400, length: 172_800 }],
    });
    for (const { dimensions, metrics } of asked("prod")) {
      assert.deepEqual([dimensions.length, metrics.length], [1, 1]);
    }
  });

  it("are the series, by the exporter's own names, that the alerts read which need it", () => {
    // As yet-another-cloudwatch-exporter 0.67 served them for this very configuration.
    assert.deepEqual(SERIES, {
      connections: "aws_rds_database_connections_maximum",
      memory: "aws_elasticache_database_memory_usage_percentage_maximum",
      daysLeft: "aws_certificatemanager_days_to_expiry_minimum",
    });
    const alerts = Object.values(alertsOf(STACK)).flat();
    const needing = alerts.filter(({ needs }) => needs === "cloudwatch exporter");
    assert.equal(needing.length, 7);
    for (const { name, expr } of alerts) {
      const reads = Object.values(SERIES).some((series) => expr.includes(series));
      assert.equal(
        reads,
        needing.some((one) => one.name === name),
        name,
      );
    }
  });

  it("has no alert about connections where nobody knows how many the database takes", () => {
    const database = { ...BACKENDS.prod.database, instanceClass: "db.x2g.large" };
    const names = Object.values(alertsOf({ ...STACK, backends: { database } }))
      .flat()
      .map(({ name }) => name);
    assert.ok(
      !names.some((name) => name.startsWith("DatabaseConnections")) && names.includes("CacheMemoryFull"),
    );
  });
});
