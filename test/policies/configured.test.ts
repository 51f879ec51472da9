import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ENVIRONMENTS, type Environment } from "../../model/environments";
import { transitionInputs } from "../../model/footprint";
import { LIMITS, defaultLimits } from "../../model/limits";
import { limitsOf } from "../../model/ruleLimits";
import { RULES } from "../../model/rules";
import type { Transition } from "../../model/transition";
import { recorded, release, transition } from "../model/fixtures";
import { type PackConfig, type StartedPack, startPack } from "./startedPack";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const told = (asked: Transition, changes: object = {}) => ({
  type: "sluice:release:Transition",
  name: "release",
  properties: { ...(JSON.parse(JSON.stringify(transitionInputs(asked))) as object), ...changes },
});

const file = (environment: Environment) =>
  JSON.parse(
    readFileSync(join(__dirname, `../../policies/config/${environment}.json`), "utf8"),
  ) as PackConfig;

/** A stack whose own limit of a step is none. */
const rise = (to: number) =>
  transition(recorded(release(10)), release(to), { limits: { ...defaultLimits("dev"), step: 100 } });

const shares = transition(recorded(release(0)), release(0, { traffic: { blue: 90, green: 11 } }));
const unserved = transition(recorded(release(0, { green: {} })), release(1, { green: {} }));

describe("the transition's pack, as an organisation configures it", function () {
  this.timeout(30_000);
  let pack: StartedPack;
  before(async () => {
    pack = await startPack("policies");
  });
  after(() => pack.close());

  const found = async (asked: Transition) =>
    (await pack.analyze(told(asked))).map(({ policy, level }) => [policy, level]);

  it("lets a rule's policy be told whether overrides count, and the limits that its rule reads, in their ranges", async () => {
    for (const { id } of RULES) {
      const schema = await pack.schema(id);
      const limits = limitsOf(id);
      const environment = limits.length > 0 ? ["environment"] : [];
      assert.deepEqual(Object.keys(schema).sort(), [...limits, ...environment, "overrides"].sort(), id);
      for (const name of limits) {
        if (name === "freezes") continue;
        const { minimum, maximum } = schema[name] as { minimum: number; maximum: number };
        assert.deepEqual([minimum, maximum], LIMITS[name].range, name);
      }
    }
  });

  it("judges by a limit that is stricter than the stack's, at the level that is set", async () => {
    await pack.configure({ T1: { enforcementLevel: "advisory", step: 20 } });
    assert.deepEqual(await found(rise(31)), [["T1", "advisory"]]);
    assert.deepEqual(await found(rise(30)), []);
    await pack.configure({ T1: { step: 20 } });
    assert.deepEqual(await found(rise(31)), [["T1", "mandatory"]]);
    await pack.configure({});
    assert.deepEqual(await found(rise(31)), []);
  });

  it("judges nothing by a configuration that cannot be used, at whatever level, and says why once", async () => {
    await pack.configure({ T1: { enforcementLevel: "advisory", stepp: 20 } });
    await assert.rejects(pack.analyze(told(rise(20))), (error: Error) => {
      assert.match(
        error.message,
        /the policy T1 cannot be used: T1\.stepp: found 20; .*did you mean "step"\?/,
      );
      assert.doesNotMatch(error.message, /configuration\.ts|server\.js/, "a stack says nothing to people");
      return true;
    });
    await pack.configure({});
  });

  it("refuses no retreat because a rule that is not asked about it is configured wrongly", async () => {
    await pack.configure({ T1: { stepp: 20 }, T10: { freezes: [{ reason: "x" }] } });
    assert.deepEqual(await found(transition(recorded(release(10)), release(0))), []);
    await assert.rejects(found(transition(recorded(release(10)), release(9, { strategy: "blue-green" }))));
    await pack.configure({});
  });

  it("says, as advice, that it cannot judge a transition of which a preview does not know all", async () => {
    const answers = await pack.analyze(told(rise(20), { limits: UNKNOWN }));
    assert.deepEqual(new Set(answers.map(({ level }) => level)), new Set(["advisory"]));
    for (const { message } of answers) assert.match(message, /\.limits can't be known during preview/);
    assert.deepEqual(
      answers.map(({ policy }) => policy),
      RULES.map(({ id }) => id),
    );
  });

  describe("with the file of an environment", () => {
    after(() => pack.configure({}));

    for (const environment of ENVIRONMENTS) {
      it(`knows every policy that ${environment}.json names`, async () => {
        const { all, ...policies } = file(environment);
        assert.equal(all, "mandatory");
        const known = await pack.policies();
        for (const name of Object.keys(policies)) assert.ok(known.includes(name), name);
      });

      it(`leaves numbers to the limits of ${environment}, which have them`, () => {
        assert.doesNotMatch(JSON.stringify(Object.values(file(environment))), /\d/);
      });

      it(`refuses in ${environment} what cannot work`, async () => {
        await pack.configure(file(environment));
        assert.deepEqual(await found(shares), [["S6", "mandatory"]]);
        assert.deepEqual(await found(unserved), [["T2", "mandatory"]]);
      });
    }

    for (const environment of ["staging", "prod"] as const) {
      it(`holds a stack to the limits of ${environment}, however loose its own are`, async () => {
        await pack.configure(file(environment));
        const { step, warmSeconds } = defaultLimits(environment);
        const kept = (to: number): Transition => ({
          ...rise(to),
          limits: { ...rise(to).limits, warmSeconds },
        });
        assert.deepEqual(await found(kept(10 + step)), []);
        assert.deepEqual(await found(kept(10 + step + 1)), [["T1", "mandatory"]]);
        assert.deepEqual(await found(rise(10 + step)), [["T6", "mandatory"]]);
      });
    }

    it("leaves dev its own limits, and advises where these are not kept", async () => {
      await pack.configure(file("dev"));
      assert.deepEqual(await found(rise(100)), []);
      const beyond = transition(recorded(release(10)), release(36));
      assert.deepEqual(await found(beyond), [["T1", "advisory"]]);
    });
  });
});
