import assert from "node:assert/strict";
import { BACKENDS } from "../../model/backends";
import { ASSUMPTIONS, type CostEstimate, estimateCost } from "../../model/cost";
import { ENVIRONMENTS, type Environment } from "../../model/environments";
import { defaultMonitoring } from "../../model/monitoring/monitoring";
import { defaultServices } from "../../model/services";

const stack = (environment: Environment) => ({
  environment,
  services: defaultServices("voiceassist", environment),
  backends: BACKENDS[environment],
  monitoring: defaultMonitoring(environment),
  repositories: false,
  ...(environment !== "dev" && { zoneId: "Z0123456789" }),
});

const line = ({ lines }: CostEstimate, item: string) => lines.find((one) => one.item === item);

describe("estimateCost", () => {
  for (const environment of ENVIRONMENTS) {
    it(`sums the lines of ${environment}, each positive, and both colours cost no less than one`, () => {
      const { lines, total } = estimateCost(stack(environment), "us-east-1");
      for (const { item, oneColour = 0, bothColours = 0 } of lines) {
        assert.ok(oneColour >= 0 && bothColours >= oneColour, item);
      }
      const sum = lines.reduce((all, { bothColours = 0 }) => all + bothColours, 0);
      assert.equal(total.bothColours, Math.round(sum));
      assert.ok(total.oneColour > 0 && total.bothColours >= total.oneColour);
    });
  }

  it("has prod pay for nodes of a second colour and for watching it, and nothing else twice", () => {
    const { lines } = estimateCost(stack("prod"), "us-east-1");
    const more = lines.filter(({ oneColour, bothColours }) => oneColour !== bothColours);
    assert.deepEqual(
      more.map(({ item }) => item),
      ["EKS nodes", "Watching the release"],
    );
  });

  it("counts a standby and every replica as an instance with its storage", () => {
    const one = stack("prod");
    const bare = { ...one.backends.database, multiAz: false, readReplicas: 0 };
    const full = { ...bare, multiAz: true, readReplicas: 2 };
    const cost = (database: typeof bare) =>
      estimateCost({ ...one, backends: { ...one.backends, database } }, "us-east-1");
    for (const item of ["RDS instances", "RDS storage"]) {
      assert.equal(line(cost(full), item)?.oneColour, 4 * line(cost(bare), item)!.oneColour!, item);
    }
  });

  it("counts a cache's primary and replicas in every shard", () => {
    const one = stack("prod");
    const cache = (shards: number, replicas: number) =>
      line(
        estimateCost(
          { ...one, backends: { ...one.backends, cache: { ...one.backends.cache, shards, replicas } } },
          "us-east-1",
        ),
        "ElastiCache",
      )!.oneColour!;
    assert.equal(cache(2, 2), 6 * cache(0, 0));
    assert.equal(cache(1, 0), cache(0, 0));
  });

  it("leaves out what it knows no price of, and says so", () => {
    const one = stack("dev");
    const backends = { ...one.backends, cache: { ...one.backends.cache, nodeType: "cache.x9.large" } };
    const estimate = estimateCost({ ...one, backends }, "us-east-1");
    assert.equal(line(estimate, "ElastiCache")?.oneColour, undefined);
    const unknown = estimate.remarks.filter((remark) => /No price is known/.test(remark));
    assert.equal(unknown.length, 1);
    assert.match(unknown[0]!, /for ElastiCache \(1 cache\.x9\.large\)/);
    assert.ok(Number.isFinite(estimate.total.oneColour));
  });

  it("says when prices are from and in what currency, and that another region has others", () => {
    const remarks = (region: string) => estimateCost(stack("dev"), region).remarks.join("\n");
    const { currency, remarks: here } = estimateCost(stack("dev"), "us-east-1");
    assert.equal(currency, "USD");
    assert.equal(here.length, 2);
    assert.match(remarks("us-east-1"), /as known in \d{4}-\d{2}: check them/);
    assert.doesNotMatch(remarks("us-east-1"), /prices differ/);
    assert.match(remarks("eu-central-1"), /runs in eu-central-1, whose prices differ/);
  });

  it("counts the key of repositories where the stack owns them", () => {
    const cost = (repositories: boolean) =>
      line(estimateCost({ ...stack("prod"), repositories }, "us-east-1"), "KMS and Secrets Manager")!
        .oneColour!;
    assert.equal(cost(true) - cost(false), 1);
  });

  it("takes what is supposed from its caller", () => {
    const supposed = { ...ASSUMPTIONS.dev, logsGb: ASSUMPTIONS.dev.logsGb + 100 };
    const more = estimateCost(stack("dev"), "us-east-1", supposed);
    const less = estimateCost(stack("dev"), "us-east-1");
    assert.equal(line(more, "CloudWatch Logs")!.oneColour! - line(less, "CloudWatch Logs")!.oneColour!, 50);
  });
});
