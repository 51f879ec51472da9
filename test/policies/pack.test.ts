import assert from "node:assert/strict";
import type { ResourceValidationArgs } from "@pulumi/policy";
import { transitionInputs } from "../../model/footprint";
import { RULES } from "../../model/rules";
import { type Transition, judge } from "../../model/transition";
import { PolicyConfigError } from "../../policies/configError";
import { transitionPolicies } from "../../policies/transition";
import { PUBLIC, at, promoted, recorded, release, transition } from "../model/fixtures";
import { CASES } from "./cases";
import { type StartedPack, startPack } from "./startedPack";

const TRANSITION = "sluice:release:Transition";

/** What the engine gives a policy: the resource's inputs, as JSON has them. */
const props = (asked: Transition) =>
  JSON.parse(JSON.stringify(transitionInputs(asked))) as Record<string, unknown>;

/** Policies that report something about a resource, by name, with what they report. */
async function reported(
  resource: Pick<ResourceValidationArgs, "type" | "props">,
  config: object = {},
): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const { name, validateResource } of transitionPolicies) {
    for (const validate of [validateResource ?? []].flat()) {
      await validate({ ...resource, getConfig: () => config } as ResourceValidationArgs, (message) =>
        (found[name] ??= []).push(message),
      );
    }
  }
  return found;
}

/** Likewise, of a transition at the time at which it is judged: the pack has a clock of its own. */
async function reportedOf(asked: Transition, type = TRANSITION): Promise<Record<string, string[]>> {
  const clock = Date;
  class Then extends clock {
    constructor(time: string | number = asked.now) {
      super(time);
    }
  }
  globalThis.Date = Then as DateConstructor;
  try {
    return await reported({ type, props: props(asked) });
  } finally {
    globalThis.Date = clock;
  }
}

describe("policies", () => {
  it("are one for each rule, named by its id, mandatory, and saying what the rule is for", () => {
    assert.deepEqual(
      transitionPolicies.map(({ name }) => name),
      RULES.map(({ id }) => id),
    );
    for (const { id, title, protects } of RULES) {
      const policy = transitionPolicies.find(({ name }) => name === id);
      assert.equal(policy?.enforcementLevel, "mandatory");
      assert.ok(policy.description.includes(title) && policy.description.includes(protects), id);
    }
  });

  it("are all tried below", () => {
    const tried = new Set(CASES.map(({ id }) => id));
    assert.deepEqual([...tried].sort(), RULES.map(({ id }) => id).sort());
  });

  for (const { id, what, refused, permitted } of CASES) {
    it(`refuse by ${id} alone ${what}, and permit the nearest that is none`, async () => {
      const found = await reportedOf(refused);
      assert.deepEqual(Object.keys(found), [id]);
      assert.deepEqual(await reportedOf(permitted), {});
    });
  }

  it("tell each violation that the program tells, with its place in configuration first", async () => {
    for (const { refused } of CASES) {
      const told = judge(refused).map(({ id, where, message }) => [id, `${where}: ${message}`]);
      const found = Object.entries(await reportedOf(refused)).flatMap(([id, messages]) =>
        messages.map((message) => [id, message]),
      );
      assert.deepEqual(found, told);
    }
  });

  it("report every rule that one edit breaks, each by its own", async () => {
    const broken = transition(promoted(), release(40, { live: "blue", green: { version: "2.5.0" } }));
    const ids = new Set(judge(broken).map(({ id }) => id));
    assert.ok(ids.size > 1, "else it says nothing");
    assert.deepEqual(new Set(Object.keys(await reportedOf(broken))), ids);
  });

  it("count what an organisation demands of a rule, and refuse a demand that cannot be read", async () => {
    const resource = { type: TRANSITION, props: props(transition(recorded(release(10)), release(21))) };
    assert.deepEqual((await reported(resource))["T1"], undefined);
    await assert.rejects(reported(resource, { stepp: 10 }), PolicyConfigError);
    const [t1] = transitionPolicies.filter(({ name }) => name === "T1");
    const found: string[] = [];
    for (const validate of [t1?.validateResource ?? []].flat()) {
      const args = { ...resource, getConfig: () => ({ step: 10 }) } as ResourceValidationArgs;
      await validate(args, (message) => found.push(message));
    }
    assert.match(found.join(), /may rise by 10 points .*Your organisation's policies set this limit/s);
  });

  it("let a retreat pass at any time", async () => {
    assert.deepEqual(await reportedOf(transition(promoted(), release(0), { now: at(1) })), {});
  });

  it("let a retreat pass whatever demands somebody has written since that cannot be read", async () => {
    const back = { type: TRANSITION, props: props(transition(recorded(release(50)), release(0))) };
    const asked = RULES.filter(({ judgesRetreat }) => !judgesRetreat).map(({ id }) => id);
    for (const { validateResource } of transitionPolicies.filter(({ name }) => asked.includes(name))) {
      for (const validate of [validateResource ?? []].flat()) {
        const args = { ...back, getConfig: () => ({ stepp: 10 }) } as unknown as ResourceValidationArgs;
        await validate(args, (message) => assert.equal(message, undefined));
      }
    }
  });

  it("do not look at other resources, whatever these hold", async () => {
    const [{ refused }] = CASES as [(typeof CASES)[number]];
    for (const type of ["sluice:release:Transitions", "aws:lb/listenerRule:ListenerRule"]) {
      assert.deepEqual(await reportedOf(refused, type), {});
    }
    assert.deepEqual(await reported({ type: "aws:s3/bucket:Bucket", props: {} }), {});
  });

  it("do not pass a transition that they cannot read", async () => {
    const asked = props(CASES[0]!.permitted);
    const services = { ...(asked["services"] as object), [PUBLIC[0]!]: "3 replicas" };
    await assert.rejects(
      reported({ type: TRANSITION, props: { ...asked, services } }),
      /footprint of api-gateway cannot be read/,
    );
  });
});

describe("the pack that the engine starts", () => {
  let pack: StartedPack;
  before(async () => {
    pack = await startPack("policies");
  });
  after(() => pack.close());

  it("has every policy, and refuses what they refuse", async () => {
    assert.deepEqual(
      await pack.policies(),
      RULES.map(({ id }) => id),
    );
    const names = async (asked: Transition) =>
      (await pack.analyze({ type: TRANSITION, name: "release", properties: props(asked) })).map(
        ({ policy }) => policy,
      );
    // Those about shares, which no clock moves.
    for (const { id, refused, permitted } of CASES.filter(({ id }) => ["S6", "T1", "T2"].includes(id))) {
      assert.deepEqual(await names(refused), [id]);
      assert.deepEqual(await names(permitted), []);
    }
  });
});
