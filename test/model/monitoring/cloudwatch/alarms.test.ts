import assert from "node:assert/strict";
import { BACKENDS } from "../../../../model/backends";
import { MOST_METRICS } from "../../../../model/monitoring/cloudwatch/alarm";
import { backendAlarms, cacheNodes } from "../../../../model/monitoring/cloudwatch/backends";
import { CERTIFICATE_ALARMS } from "../../../../model/monitoring/cloudwatch/certificates";
import { BALANCER_ALARMS, clusterAlarms } from "../../../../model/monitoring/cloudwatch/platform";
import { ENVIRONMENTS } from "../../../../model/settings";

const of = (environment: (typeof ENVIRONMENTS)[number]) => [
  ...backendAlarms(`voiceassist-${environment}`, BACKENDS[environment]),
  ...clusterAlarms(`voiceassist-${environment}-cluster`),
  ...BALANCER_ALARMS,
  ...CERTIFICATE_ALARMS,
];

describe("alarms of CloudWatch", () => {
  it("have names of their own, and each says what is wrong and what helps", () => {
    for (const environment of ENVIRONMENTS) {
      const alarms = of(environment);
      assert.equal(new Set(alarms.map(({ name }) => name)).size, alarms.length);
      for (const { name, says, help } of alarms) assert.ok(says.length > 20 && help.length > 10, name);
    }
  });

  it("take their value of no more metrics than CloudWatch allows, and name each that an expression uses", () => {
    for (const { name, metrics, expression } of ENVIRONMENTS.flatMap(of)) {
      const ids = Object.keys(metrics);
      assert.ok(ids.length >= 1 && ids.length <= MOST_METRICS, name);
      assert.ok(expression !== undefined || ids.length === 1, `${name} has ${ids.length} values`);
      const named = new Set(expression?.match(/\b[a-z]\w*/g) ?? ids);
      assert.deepEqual([...named].sort(), ids.sort(), name);
      for (const id of ids) assert.match(id, /^[a-z]\w*$/);
    }
  });

  it("watch every instance of the database, and every node of the cache in one shard's alarm", () => {
    const watched = (environment: "dev" | "prod", dimension: string) =>
      new Set(
        of(environment).flatMap(({ metrics }) =>
          Object.values(metrics).flatMap(({ dimensions }) => dimensions[dimension] ?? []),
        ),
      );
    assert.deepEqual([...watched("dev", "DBInstanceIdentifier")], ["voiceassist-dev"]);
    assert.deepEqual(
      [...watched("prod", "DBInstanceIdentifier")],
      ["voiceassist-prod", "voiceassist-prod-replica-1", "voiceassist-prod-replica-2"],
    );
    assert.deepEqual([...watched("dev", "CacheClusterId")], ["voiceassist-dev-001"]);
    assert.deepEqual(
      [...watched("prod", "CacheClusterId")].sort(),
      Object.values(cacheNodes("voiceassist-prod", BACKENDS.prod)).flat().sort(),
    );
  });

  it("page below the connections that a database takes, and have none where nobody knows how many that are", () => {
    const connections = (instanceClass: string) =>
      backendAlarms("a", {
        ...BACKENDS.dev,
        database: { ...BACKENDS.dev.database, instanceClass },
      }).filter(({ name }) => name === "database/connections");
    assert.deepEqual(
      connections("db.m7g.large").map(({ threshold, severity }) => [threshold, severity]),
      [[770, "critical"]],
    );
    assert.deepEqual(connections("db.x2g.large"), []);
  });

  it("ask how far behind a copy is only where there are copies", () => {
    const behind = (environment: "dev" | "prod") =>
      of(environment).flatMap(({ name }) => (name.endsWith("/behind") ? [name] : []));
    assert.deepEqual(behind("dev"), []);
    assert.deepEqual(behind("prod"), [
      ...["database-replica-1/behind", "database-replica-2/behind", "cache/0001/behind", "cache/0002/behind"],
    ]);
  });

  it("names the cache's nodes as ElastiCache does, with cluster mode and without", () => {
    const cache = { nodeType: "cache.t4g.small", snapshotDays: 0 };
    assert.deepEqual(cacheNodes("a", { cache: { ...cache, shards: 0, replicas: 1 } }), {
      "": ["a-001", "a-002"],
    });
    assert.deepEqual(cacheNodes("a", { cache: { ...cache, shards: 2, replicas: 0 } }), {
      "0001": ["a-0001-001"],
      "0002": ["a-0002-001"],
    });
  });
});
