import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { AWS_TYPES } from "../../rehearsal/cloud/facts/aws-types";
import { EXCEPTIONS } from "../../rehearsal/cloud/facts/exceptions";
import { AWS, type Properties, type Property } from "../../rehearsal/cloud/facts/facts";
import { RECIPES } from "../../rehearsal/cloud/providers/aws/recipes";

const SDK = dirname(require.resolve("@pulumi/aws/package.json"));

const tables: [string, Properties][] = [
  ...Object.entries(AWS.types).map(([token, { inputs }]): [string, Properties] => [token, inputs]),
  ...Object.entries(AWS.objects),
];

const everyProperty: [string, Property][] = tables.flatMap(([owner, properties]) =>
  Object.entries(properties).map(([name, property]): [string, Property] => [`${owner}.${name}`, property]),
);

const replacing = (type: string): string[] =>
  Object.entries(AWS.types[type]!.inputs)
    .filter(([, property]) => property.replace)
    .map(([name]) => name)
    .sort();

describe("facts of AWS", () => {
  it("are those of the installed SDK", () => {
    const { version } = JSON.parse(readFileSync(join(SDK, "package.json"), "utf8")) as { version: string };
    assert.equal(AWS.sources["@pulumi/aws"], version, "run rehearsal/cloud/facts/generate.ts");
  });

  it("have every type of the list under the SDK's own token, with inputs", () => {
    for (const [path] of AWS_TYPES) {
      const [, token] = /__pulumiType = '([^']+)'/.exec(readFileSync(join(SDK, `${path}.js`), "utf8")) ?? [];
      const facts = AWS.types[token ?? ""];
      assert.ok(facts, `${path} (${String(token)}) is not in the table`);
      assert.ok(Object.keys(facts.inputs).length > 0, `${path} has no inputs`);
    }
    assert.equal(
      Object.keys(AWS.types).length,
      AWS_TYPES.length + 1,
      "the types of the list and the provider",
    );
  });

  it("name only nested types that are there", () => {
    for (const [path, { type }] of everyProperty) {
      const name = type.replace(/^(\[\]|\{\})+/, "");
      const known = /^(any|boolean|number|string|json|asset|archive)$/.test(name) || name in AWS.objects;
      assert.ok(known, `${path} is of the unknown type ${type}`);
    }
  });

  it("hold no limit that nothing can meet", () => {
    for (const [path, p] of everyProperty) {
      assert.ok((p.min ?? -Infinity) <= (p.max ?? Infinity), path);
      assert.ok((p.minLength ?? 0) <= (p.maxLength ?? Infinity), path);
      assert.ok((p.minItems ?? 0) <= (p.maxItems ?? Infinity), path);
      if (p.pattern !== undefined) assert.doesNotThrow(() => new RegExp(p.pattern!, "u"), path);
      if (p.default !== undefined && p.enum) assert.ok(p.enum.includes(p.default as string), path);
      if (typeof p.default === "number") {
        assert.ok(p.default >= (p.min ?? -Infinity) && p.default <= (p.max ?? Infinity), path);
      }
    }
  });

  it("give a reason for each exception", () => {
    for (const { property, reason } of EXCEPTIONS) assert.ok(reason.length > 10, property);
  });

  it("have a recipe for every type, and no recipe for another", () => {
    const types = Object.keys(AWS.types).filter((token) => token.startsWith("aws:"));
    assert.deepEqual(Object.keys(RECIPES).sort(), types.sort());
  });

  it("know what replaces a target group, a rule, a load balancer and a subnet", () => {
    assert.deepEqual(replacing("aws:lb/targetGroup:TargetGroup"), [
      "ipAddressType",
      "name",
      "namePrefix",
      "port",
      "protocol",
      "protocolVersion",
      "region",
      "targetType",
      "vpcId",
    ]);
    assert.deepEqual(replacing("aws:lb/listenerRule:ListenerRule"), ["listenerArn", "region"]);
    assert.deepEqual(replacing("aws:lb/loadBalancer:LoadBalancer"), [
      "internal",
      "loadBalancerType",
      "name",
      "namePrefix",
      "region",
    ]);
    for (const property of ["vpcId", "cidrBlock", "availabilityZone"]) {
      assert.ok(replacing("aws:ec2/subnet:Subnet").includes(property), property);
    }
  });

  it("know what AWS allows of a weighted forward", () => {
    const { actions } = AWS.types["aws:lb/listenerRule:ListenerRule"]!.inputs;
    const { forward } = AWS.objects[actions!.type.slice(2)]!;
    const { targetGroups, stickiness } = AWS.objects[forward!.type]!;
    assert.deepEqual([targetGroups?.minItems, targetGroups?.maxItems, targetGroups?.set], [1, 5, true]);
    const weight = AWS.objects[targetGroups!.type.slice(2)]!.weight!;
    assert.deepEqual([weight.min, weight.max, weight.default], [0, 999, 1]);
    const duration = AWS.objects[stickiness!.type]!.duration!;
    assert.deepEqual([duration.required, duration.min, duration.max], [true, 1, 604800]);
  });

  it("know the limits of a target group", () => {
    const { name, deregistrationDelay } = AWS.types["aws:lb/targetGroup:TargetGroup"]!.inputs;
    assert.equal(name?.maxLength, 32);
    assert.deepEqual(
      [deregistrationDelay?.min, deregistrationDelay?.max, deregistrationDelay?.default],
      [0, 3600, 300],
    );
  });
});
