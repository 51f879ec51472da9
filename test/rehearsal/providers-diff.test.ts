import assert from "node:assert/strict";
import fc from "fast-check";
import { UNKNOWN, type Values } from "../../rehearsal/cloud/providers/behaviour";
import { Cloud, LOAD_BALANCER, rule, RULE, targetGroup, TARGET_GROUP, weighted } from "./providers-fixture";

const weight = (index: number): string => `actions[0].forward.targetGroups[${index}].weight`;

describe("diff of AWS resources", () => {
  const cloud = new Cloud();

  it("finds nothing between equal inputs, whatever they are", () => {
    const inputs = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }));
    fc.assert(
      fc.property(inputs, (extra) => {
        const values = { ...targetGroup(), ...(extra as Values) };
        assert.deepEqual(cloud.diff(TARGET_GROUP, values, structuredClone(values)).changes, []);
      }),
    );
  });

  it("has a shift as an in-place update of exactly the weights", () => {
    assert.deepEqual(cloud.diff(RULE, rule(weighted(90, 10)), rule(weighted(80, 20))), {
      changes: [
        { path: weight(0), kind: "update", replace: false },
        { path: weight(1), kind: "update", replace: false },
      ],
      deleteBeforeReplace: false,
    });
  });

  it("compares the target groups of a forward as a set", () => {
    const swapped = weighted(10, 90, ["arn:green", "arn:blue"]);
    assert.deepEqual(cloud.diff(RULE, rule(weighted(90, 10)), rule(swapped)).changes, []);
    const shifted = weighted(20, 80, ["arn:green", "arn:blue"]);
    assert.deepEqual(
      cloud.diff(RULE, rule(weighted(90, 10)), rule(shifted)).changes.map(({ path }) => path),
      [weight(0), weight(1)],
    );
  });

  it("compares subnets and security groups as sets", () => {
    const balancer = (...subnets: string[]): Values => ({ name: "edge", subnets });
    const paths = (...to: string[]) =>
      cloud
        .diff(LOAD_BALANCER, balancer("a", "b"), balancer(...to))
        .changes.map(({ path, kind }) => `${kind} ${path}`);
    assert.deepEqual(paths("b", "a"), []);
    assert.deepEqual(paths("b", "c"), ["add subnets[1]", "delete subnets[0]"]);
  });

  it("has a change of a target group's port as a replacement", () => {
    assert.deepEqual(cloud.diff(TARGET_GROUP, targetGroup(), targetGroup({ port: 9090 })), {
      changes: [{ path: "port", kind: "update", replace: true }],
      deleteBeforeReplace: true,
    });
  });

  it("creates the replacement first when the name was generated", () => {
    const generated = { name: "api-0a1b2c3" };
    const { deleteBeforeReplace } = cloud.diff(
      TARGET_GROUP,
      targetGroup(generated),
      targetGroup({ ...generated, port: 9090 }),
    );
    assert.equal(deleteBeforeReplace, false);
  });

  it("creates the replacement first when the replacement has another name", () => {
    const { changes, deleteBeforeReplace } = cloud.diff(
      TARGET_GROUP,
      targetGroup(),
      targetGroup({ name: "api-teal" }),
    );
    assert.deepEqual(changes, [{ path: "name", kind: "update", replace: true }]);
    assert.equal(deleteBeforeReplace, false);
  });

  it("has a value that is not known yet as a change, and as a replacement where a change would be one", () => {
    assert.deepEqual(cloud.diff(TARGET_GROUP, targetGroup(), targetGroup({ vpcId: UNKNOWN })).changes, [
      { path: "vpcId", kind: "update", replace: true },
    ]);
    const unknown = weighted(90, 10);
    (unknown.forward as Values).targetGroups = [
      { arn: "arn:blue", weight: 90 },
      { arn: UNKNOWN, weight: 10 },
    ];
    assert.deepEqual(cloud.diff(RULE, rule(weighted(90, 10)), rule(unknown)).changes, [
      { path: "actions[0].forward.targetGroups[1].arn", kind: "update", replace: false },
    ]);
  });

  it("compares tags by key", () => {
    const tagged = (tags: Values): Values => targetGroup({ tags });
    assert.deepEqual(
      cloud.diff(TARGET_GROUP, tagged({ a: "1", "b.c": "2" }), tagged({ a: "1", d: "3" })).changes,
      [
        { path: 'tags["b.c"]', kind: "delete", replace: false },
        { path: "tags.d", kind: "add", replace: false },
      ],
    );
  });

  it("compares policies by their meaning", () => {
    const role = (assumeRolePolicy: string): Values => ({ name: "r", assumeRolePolicy });
    const [spaced, reordered] = [
      '{ "Version": "2012-10-17", "Id": "x" }',
      '{"Id":"x","Version":"2012-10-17"}',
    ];
    assert.deepEqual(cloud.diff("aws:iam/role:Role", role(spaced), role(reordered)).changes, []);
    assert.equal(cloud.diff("aws:iam/role:Role", role(spaced), role("{}")).changes.length, 1);
  });

  it("sees nothing in the removal of what AWS chooses anyway", () => {
    const { priority: _, ...without } = rule(weighted(90, 10));
    assert.deepEqual(cloud.diff(RULE, rule(weighted(90, 10)), without).changes, []);
  });

  it("sees a change of the provider's default tags and of its region", () => {
    const tagged = new Cloud({ region: "us-east-1", defaultTags: '{"tags":{"team":"x"}}' });
    const olds = { ...targetGroup(), region: "us-east-1", tagsAll: {} };
    assert.deepEqual(tagged.diff(TARGET_GROUP, targetGroup(), targetGroup(), { olds }).changes, [
      { path: "tagsAll.team", kind: "add", replace: false },
    ]);
    const moved = new Cloud({ region: "us-west-2" });
    assert.deepEqual(moved.diff(TARGET_GROUP, targetGroup(), targetGroup(), { olds }).changes, [
      { path: "region", kind: "update", replace: true },
    ]);
  });
});
