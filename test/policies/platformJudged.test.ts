import assert from "node:assert/strict";
import type {
  PolicyResource,
  ReportViolation,
  ResourceValidationArgs,
  StackValidationArgs,
} from "@pulumi/policy";
import { CONTROLS } from "../../model/controls";
import { checked } from "../../policies/platform/configuration";
import { platformPolicies } from "../../policies/platform/policies";
import { orUnknown, sayUnjudged, whereKnown } from "../../policies/platform/unknown";

const SNAPSHOT = "aws:rds/snapshot:Snapshot";
const urnOf = (type: string, stack = "prod") => `urn:pulumi:${stack}::sluice::${type}::one`;

/** What was reported: a message with its URN, or advice. */
type Reported = [what: unknown, urn?: string];

const collector = () => {
  const reported: Reported[] = [];
  const report = (...given: unknown[]) => void reported.push(given as Reported);
  return { reported, report: report as unknown as ReportViolation };
};

/** Everything that the policies say of a resource alone. */
async function judged(type: string, props: object, stack = "prod", config: object = {}): Promise<Reported[]> {
  const { reported, report } = collector();
  const args = { type, name: "one", props, urn: urnOf(type, stack), opts: {}, getConfig: () => config };
  for (const policy of platformPolicies) {
    if ("validateResource" in policy && typeof policy.validateResource === "function") {
      await policy.validateResource(args as unknown as ResourceValidationArgs, report);
    }
  }
  return reported;
}

/** Everything that they say of a stack. */
async function judgedTogether(resources: readonly Partial<PolicyResource>[], config: object = {}) {
  const { reported, report } = collector();
  const whole = resources.map((one) => ({ ...one, opts: {}, urn: urnOf(`${one.type}::${one.name}`) }));
  const args = { resources: whole, getConfig: () => config } as unknown as StackValidationArgs;
  for (const policy of platformPolicies) {
    if ("validateStack" in policy) await policy.validateStack(args, report);
  }
  return reported;
}

const ids = (reported: readonly Reported[]) =>
  reported.map(([what]) => /^(\S+(?: [\d.]+)?) /.exec(String(what))?.[1]);

describe("a policy of the platform", () => {
  it("is named by its rule, over single resources first and then over the stack's together", () => {
    const names = platformPolicies.map(({ name }) => name);
    const single = names.filter((name) => !name.endsWith("-stack"));
    assert.deepEqual(names, [...single, ...names.filter((name) => name.endsWith("-stack"))]);
    assert.equal(new Set(names).size, names.length);
    for (const policy of platformPolicies) {
      assert.equal("validateStack" in policy, policy.name.endsWith("-stack"), policy.name);
      assert.ok(policy.description.length > 0);
    }
  });

  it("judges alone what one resource tells, and together only what is in the cluster", () => {
    for (const { name, tags = [] } of platformPolicies) {
      assert.ok(tags.length > 0, name);
      for (const id of tags) {
        const control = CONTROLS.find((one) => one.id === id)!;
        assert.equal(control.rule, name.replace("-stack", ""));
        assert.equal(control.alone, !name.endsWith("-stack"), id);
        if (!control.alone)
          assert.ok(
            control.types.every((type) => type.startsWith("kubernetes:")),
            id,
          );
      }
    }
  });

  it("reports a fault once, of the resource that has it, with the configuration that would accept it", async () => {
    assert.deepEqual(await judged(SNAPSHOT, { sharedAccounts: ["123456789012"] }), []);
    const [[message, urn], ...more] = (await judged(SNAPSHOT, { sharedAccounts: ["all"] })) as [Reported];
    assert.deepEqual(more, []);
    assert.equal(urn, urnOf(SNAPSHOT));
    assert.equal(
      message,
      "RDS.1 RDS snapshots should be private: found sharedAccounts with all; allowed: account numbers, or none. " +
        "Mend it where the resource is made; or, where your organisation accepts it, name the control in the " +
        `pack's configuration: {"S4": {"except": ["RDS.1"]}}.`,
    );
  });

  it("judges nothing of an exception, and by the environment that configuration names", async () => {
    const wrong = { sharedAccounts: ["all"] };
    assert.deepEqual(await judged(SNAPSHOT, wrong, "prod", { except: ["RDS.1"] }), []);
    assert.deepEqual(ids(await judged(SNAPSHOT, wrong, "prod", { except: ["RDS.2"] })), ["RDS.1"]);
    const protection = async (stack: string, config: object = {}) =>
      ids(await judged("aws:rds/instance:Instance", {}, stack, config)).includes("RDS.8");
    assert.deepEqual([await protection("dev"), await protection("prod")], [false, true]);
    assert.ok(await protection("dev", { environment: "prod" }));
    assert.ok(!(await protection("prod", { environment: "dev" })));
  });

  it("judges a stack's resources by one another, and says of whom nothing is known", async () => {
    const type = "kubernetes:apps/v1:Deployment";
    const props = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: "app" },
      spec: { template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web" }] } } },
    };
    const known = await judgedTogether([{ type, name: "web", props }]);
    assert.ok(known.length > 0);
    assert.ok(known.every(([what, urn]) => typeof what === "string" && urn === urnOf(`${type}::web`)));
    const budget = { type: "kubernetes:policy/v1:PodDisruptionBudget", name: "web", props: {} };
    const all = await judgedTogether([{ type, name: "web", props }, budget]);
    const unknown = all.filter(([what]) => typeof what !== "string");
    assert.ok(unknown.length > 0, JSON.stringify(all));
    for (const [what] of unknown) {
      const { message, enforcementLevel, urn } = what as Record<string, string>;
      assert.equal(enforcementLevel, "advisory");
      assert.equal(urn, urnOf(`${type}::web`));
      assert.match(
        message!,
        /^web is not judged yet by .*what is in the cluster is not known.*the update judges/,
      );
    }
  });
});

describe("what a preview does not know", () => {
  class UnknownValueError extends Error {
    constructor(readonly props: readonly (string | symbol)[]) {
      super("unknown");
    }
  }

  it("is named by its path, or as all that is in the cluster", () => {
    const unknown = (props: string[]) =>
      whereKnown(() => {
        throw new UnknownValueError(props);
      });
    assert.deepEqual(unknown(["spec", "selector"]), { property: "spec.selector" });
    assert.deepEqual(unknown([]), { property: "what is in the cluster" });
    assert.deepEqual(
      whereKnown(() => orUnknown({})["spec"]),
      { property: "what is in the cluster" },
    );
  });

  it("is nothing of what is there, and no excuse for another error", () => {
    const props = { id: "one" };
    assert.equal(orUnknown(props), props);
    assert.deepEqual(
      whereKnown(() => "a fault"),
      { found: "a fault" },
    );
    for (const thrown of [new TypeError("other"), new RangeError("another")]) {
      assert.throws(
        () =>
          whereKnown(() => {
            throw thrown;
          }),
        (error) => error === thrown,
      );
    }
  });

  it("is said once for each property, with every control that asks for it, and not at all for none", () => {
    const { reported, report } = collector();
    sayUnjudged("web", [], report, "urn");
    assert.deepEqual(reported, []);
    const unjudged = [
      { control: "A", property: "x" },
      { control: "B", property: "y" },
      { control: "C", property: "x" },
    ];
    sayUnjudged("web", unjudged, report, "urn");
    assert.deepEqual(reported, [
      [
        {
          message: "web is not judged yet by A, C (x is not known); B (y is not known): the update judges it",
          enforcementLevel: "advisory",
          urn: "urn",
        },
      ],
    ]);
  });
});

describe("a policy's configuration", () => {
  it("has no exceptions by default, and names keys that nobody reads", () => {
    assert.deepEqual(checked("S4", {}), { except: [] });
    assert.deepEqual(checked("S4", { except: ["RDS.1"], environment: "dev" }), {
      except: ["RDS.1"],
      environment: "dev",
    });
    const strange = { exept: ["RDS.1"], level: 1 } as object;
    assert.throws(
      () => checked("S4", strange),
      /S4\.exept: no such key; did you mean "except"\?; allowed are except, environment/,
    );
    assert.throws(() => checked("S4", strange), /S4\.level: no such key/);
  });
});
