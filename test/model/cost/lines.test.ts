import assert from "node:assert/strict";
import { BACKENDS, type Backends } from "../../../model/backends";
import { ASSUMPTIONS } from "../../../model/cost";
import { linesOf } from "../../../model/cost/lines";
import type { Environment } from "../../../model/environments";
import { defaultMonitoring } from "../../../model/monitoring/monitoring";
import { defaultServices } from "../../../model/services";

const stack = (environment: Environment, backends: Backends = BACKENDS[environment]) => ({
  environment,
  services: defaultServices("voiceassist", environment),
  backends,
  monitoring: defaultMonitoring(environment),
  repositories: false,
});

type Row = readonly [item: string, counted: string, oneColour?: number, bothColours?: number];

/** The bill in whole cents; the second amount is left out where both colours cost what one does. */
const bill = (settings: Parameters<typeof linesOf>[0]): Row[] =>
  linesOf(settings, ASSUMPTIONS[settings.environment]).map(({ item, counted, oneColour, bothColours }) => {
    if (oneColour === undefined || bothColours === undefined) return [item, counted];
    const cents = [...new Set([oneColour, bothColours])].map((month) => Math.round(100 * month) / 100);
    return [item, counted, ...cents] as unknown as Row;
  });

const lineOf = (rows: readonly Row[], item: string) => rows.find(([name]) => name === item);

describe("the lines of a bill", () => {
  it("are in dev those worked out by hand from AWS's price list", () => {
    assert.deepEqual(bill(stack("dev")), [
      ["EKS nodes", "2 or 2 m6i.xlarge, each with 50 GB", 288.32],
      ["EKS control plane", "1 cluster", 73],
      ["NAT gateways", "1 with an address each, 20 GB (supposed)", 37.4],
      ["Interface endpoints", "0 in 2 zones each", 0],
      ["Load balancer", "1 ALB, 1 capacity units (supposed)", 29.57],
      ["RDS instances", "1 db.t4g.medium", 47.45],
      ["RDS storage", "1 × 20 GB", 2.3],
      ["ElastiCache", "1 cache.t4g.small", 23.36],
      ["Qdrant volumes", "1 × 20 GB", 1.6],
      ["Monitoring volumes", "10 GB", 0.8],
      ["KMS and Secrets Manager", "KMS keys: 1; secrets: 4", 2.6],
      ["CloudWatch Logs", "10 GB taken in (supposed)", 5],
    ]);
  });

  it("are in prod those worked out by hand from AWS's price list", () => {
    assert.deepEqual(bill({ ...stack("prod"), zoneId: "Z0123456789" }), [
      ["EKS nodes", "3 or 6 m6i.4xlarge, each with 100 GB", 1705.92, 3411.84],
      ["EKS control plane", "1 cluster", 73],
      ["NAT gateways", "3 with an address each, 1000 GB (supposed)", 154.5],
      ["Interface endpoints", "9 in 3 zones each", 197.1],
      ["Load balancer", "1 ALB, 5 capacity units (supposed)", 56.58],
      ["RDS instances", "1 db.m7g.xlarge, a standby, 2 read replicas", 984.04],
      ["RDS storage", "4 × 100 GB", 46],
      ["ElastiCache", "6 cache.m7g.large", 692.04],
      ["Qdrant volumes", "3 × 100 GB", 24],
      ["Monitoring volumes", "222 GB", 17.76],
      ["WAF", "2 web ACLs with 6 rules in all; requests are extra", 16],
      ["CloudFront", "1 distribution, 3 host names; traffic is extra", 0],
      ["KMS and Secrets Manager", "KMS keys: 1; secrets: 6", 3.4],
      ["Watching the release", "44 metrics of alarms, a look a minute of 1 s (supposed)", 4.7, 17.84],
      ["CloudWatch Logs", "300 GB taken in (supposed)", 150],
    ]);
  });

  it("have the load balancer's web ACL alone where DNS, and so CloudFront, is elsewhere", () => {
    const rows = bill(stack("staging"));
    assert.deepEqual(lineOf(rows, "WAF")?.[2], 11);
    assert.equal(lineOf(rows, "CloudFront"), undefined);
  });

  it("have CloudFront's web ACL alone in dev with DNS of its own", () => {
    const rows = bill({ ...stack("dev"), zoneId: "Z0123456789" });
    assert.deepEqual(lineOf(rows, "WAF")?.[2], 5);
    assert.ok(lineOf(rows, "CloudFront"));
  });

  it("have nodes for the vector store once, beside one colour of the services or both", () => {
    const vectorStore = { ...BACKENDS.prod.vectorStore, replicas: 3, cpu: "4000m" };
    const rows = bill(stack("prod", { ...BACKENDS.prod, vectorStore }));
    assert.match(lineOf(rows, "EKS nodes")![1], /^4 or 6 /);
  });

  it("have nodes for the monitoring, and volumes for what it keeps: less where AWS keeps it", () => {
    const managed = { ...defaultMonitoring("prod"), prometheus: "managed", grafana: "managed" } as const;
    const rows = bill({ ...stack("prod"), monitoring: managed });
    assert.deepEqual(lineOf(rows, "Monitoring volumes")?.[1], "20 GB");
    const crowded = defaultServices("voiceassist", "prod");
    const [name] = Object.keys(crowded) as [string];
    // Three nodes give 40.8 processors, of which services and vector store here leave 0.8, and then 0.3.
    const more = { ...crowded, [name]: { ...crowded[name]!, replicas: 1, cpu: "6500m" } };
    assert.match(lineOf(bill({ ...stack("prod"), services: crowded }), "EKS nodes")![1], /^3 /);
    assert.match(lineOf(bill({ ...stack("prod"), services: more }), "EKS nodes")![1], /^4 /);
  });

  it("have an amount nowhere but where a price is known", () => {
    const database = { ...BACKENDS.dev.database, instanceClass: "db.x9.large" };
    const cache = { ...BACKENDS.dev.cache, nodeType: "cache.x9.large" };
    const settings = stack("dev", { ...BACKENDS.dev, database, cache });
    const without = linesOf(settings, ASSUMPTIONS.dev).filter((line) => !("oneColour" in line));
    assert.deepEqual(
      without.map(({ item }) => item),
      ["RDS instances", "ElastiCache"],
    );
  });
});
