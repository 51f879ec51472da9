import assert from "node:assert/strict";
import { WeightedRules } from "../../../cloud/weightedRules";
import { Parameters } from "../../../cloud/parameters";
import { parseMessage } from "../../../model/message";
import { type Release, allTo, greenAt } from "../../../model/release";
import type { Action, Change, Edit, Lowering } from "../../../model/rollout/action";
import { editRelease } from "../../../rollout/configuration";
import { begun } from "../../../rollout/reconcile/begun";
import { Interrupted } from "../../../rollout/reconcile/interrupt";
import { REGION } from "../../cloud/readers-fixture";
import { type Acts, FILE, acts, at } from "./act-fixture";

const TARGETED = "urn:rule,urn:transition";
const MODIFY = "elasticloadbalancing:ModifyRule";

describe("what is decided is done, one effect after another", function () {
  this.timeout(30_000);
  let world: Acts;
  beforeEach(async () => {
    world = await acts();
  });
  afterEach(() => world.close());

  const release = (edit: Edit): Release => ({ ...world.observed.settings.release, ...edit });
  const change = (kind: Change["kind"], edit: Edit): Change => ({
    ...{ kind, edit, release: release(edit) },
    reasons: [{ code: "passed", text: "all is good" }],
  });
  const lowering = async (kind: Lowering["kind"], more: Partial<Lowering> = {}): Promise<Lowering> => {
    const edit = more.edit ?? { live: "blue", traffic: allTo("blue") };
    const rules = await new WeightedRules(REGION).of("app", "dev");
    return {
      ...{ kind, edit, release: release(edit), refused: [] },
      moves: rules.map((rule) => ({ rule, shares: allTo("blue") })),
      reasons: [{ code: "failing", text: "green loses calls" }],
      ...more,
    };
  };
  const updated = () => world.engine.updates.map(([what]) => what);

  it("nothing, where it is held or done", async () => {
    for (const action of [
      { kind: "done", reasons: [] },
      { kind: "hold", reasons: [], asks: [] },
    ] as const) {
      const codes = { done: 0, hold: 3 };
      assert.equal(await world.act(action), codes[action.kind]);
    }
    assert.deepEqual([world.effects, await world.text()], [[], FILE]);
  });

  it("a shift: configuration, then rules and transition alone, with who and why in the message", async () => {
    const shift = change("shift", { live: "blue", traffic: greenAt(50) });
    assert.equal(await world.act(shift), 0);
    assert.deepEqual(world.effects, ["write", "update"]);
    assert.deepEqual([await world.text(), updated()], [at(50), [TARGETED]]);
    const told = parseMessage(world.engine.updates[0]![1]);
    assert.deepEqual(
      [told?.kind, told?.colour, told?.version, told?.from, told?.to, told?.by, told?.reasons[0]?.text],
      ["shift", "green", "2.4.0", 10, 50, "arn:ana", "all is good"],
    );
  });

  it("a promote, and what moves no traffic: an update of everything", async () => {
    assert.equal(await world.act(change("promote", { live: "green", traffic: allTo("green") })), 0);
    await world.write(FILE);
    assert.equal(await world.act(change("prepare", {})), 0);
    assert.deepEqual([updated(), await world.text()], [["all", "all"], FILE]);
    assert.deepEqual(world.effects, ["write", "update", "update"]);
  });

  it("a shift beside which configuration asks for more: an update of everything", async () => {
    const services = { ...world.observed.settings.services };
    const [name = ""] = Object.keys(services);
    Object.assign(world.observed.settings, {
      services: { ...services, [name]: { ...services[name], replicas: 7 } },
    });
    assert.equal(await world.act(change("shift", { live: "blue", traffic: greenAt(50) })), 0);
    assert.deepEqual(updated(), ["all"]);
  });

  it("lets both policy packs judge an update of everything, but for a retreat's, which waits for no policy", async () => {
    assert.equal(await world.act(change("promote", { live: "green", traffic: allTo("green") })), 0);
    await world.write(FILE);
    const edit = { live: "green", traffic: allTo("green") } as const;
    await world.act(await lowering("retreat", { edit, release: release(edit) }));
    const judged = world.engine.judges.map(
      (options) => options.filter((one) => one === "--policy-pack").length,
    );
    assert.deepEqual(
      [updated(), judged],
      [
        ["all", "all"],
        [2, 0],
      ],
    );
  });

  describe("where an update of everything would deploy what is not its to deploy", () => {
    const waits = () => Promise.resolve(["green 2.5.0 is not deployed yet"]);
    const keptBack = /the rest of the stack stays as it is: green 2\.5\.0 is not deployed yet/;

    it("a retreat to another live colour updates rules and transition alone", async () => {
      const edit = { live: "green", traffic: allTo("green") } as const;
      const rules = await new WeightedRules(REGION).of("app", "dev");
      const moves = rules.map((rule) => ({ rule, shares: allTo("green") }));
      const back = await lowering("retreat", { edit, release: release(edit), moves });
      assert.equal(await world.act(back, { waits }), 4);
      assert.deepEqual([await world.green(), updated()], [100, [TARGETED]]);
      assert.match(world.told.join("\n"), keptBack);
    });

    it("a retreat asks what that would be once traffic has moved: history may take a minute", async () => {
      const edit = { live: "green", traffic: allTo("green") } as const;
      const rules = await new WeightedRules(REGION).of("app", "dev");
      const moves = rules.map((rule) => ({ rule, shares: allTo("green") }));
      const back = await lowering("retreat", { edit, release: release(edit), moves });
      const greens: unknown[] = [];
      world.engine.history = async () => {
        greens.push(await world.green());
        throw new Error("away");
      };
      const { action, waits } = await begun(back, world.observed);
      assert.deepEqual([action, greens], [back, []]);
      assert.equal(await world.act(back, { waits }), 4);
      assert.deepEqual([greens, updated()], [[100], [TARGETED]]);
    });

    it("what falls leaves the state to who deploys, and traffic and configuration fall", async () => {
      const { services } = world.observed.settings;
      const [[name, service] = ["", undefined]] = Object.entries(services);
      Object.assign(world.observed.settings, {
        services: { ...services, [name]: { ...service, replicas: 7 } },
      });
      for (const [kind, code] of [
        ["retreat", 4],
        ["level", 3],
      ] as const) {
        await world.write(FILE);
        assert.equal(await world.act(await lowering(kind), { waits }), code, kind);
        assert.deepEqual([await world.green(), await world.text(), updated()], [0, at(0), []]);
      }
      assert.match(world.told.join("\n"), keptBack);
    });

    it("what is no update of everything goes on", async () => {
      assert.equal(await world.act(change("shift", { live: "blue", traffic: greenAt(50) }), { waits }), 0);
      assert.deepEqual(updated(), [TARGETED]);
    });
  });

  it("a retreat: fence, rules, configuration, state", async () => {
    assert.equal(await world.act(await lowering("retreat", { fence: "2.4.0" })), 4);
    assert.deepEqual(world.effects, ["fence", "move", "write", "update"]);
    assert.deepEqual([await world.green(), await world.text(), updated()], [0, at(0), [TARGETED]]);
    const fence = JSON.parse((await new Parameters(REGION).get("/sluice/app/dev/fence")) ?? "{}");
    assert.deepEqual(
      [fence.version, fence.reason, fence.by],
      ["2.4.0", "green loses calls", "arn:ana"],
      "the fence says who and why",
    );
  });

  it("a retreat to another live colour: an update of everything, for workers follow it", async () => {
    const edit = { live: "green", traffic: allTo("green") } as const;
    const rules = await new WeightedRules(REGION).of("app", "dev");
    const moves = rules.map((rule) => ({ rule, shares: allTo("green") }));
    assert.equal(await world.act(await lowering("retreat", { edit, release: release(edit), moves })), 4);
    assert.deepEqual([await world.green(), updated()], [100, ["all"]]);
  });

  it("a retreat that only configuration asks for is none from a version that turned bad", async () => {
    assert.equal(await world.act(await lowering("retreat", { moves: [] })), 0);
    assert.deepEqual(world.effects, ["write", "update"]);
  });

  it("what is levelled at the load balancer alone leaves configuration and state", async () => {
    assert.equal(await world.act(await lowering("level", { edit: {} })), 0);
    assert.deepEqual([world.effects, await world.text()], [["move"], FILE]);
  });

  for (const kind of ["level", "adopt"] as const) {
    it(`${kind}: nothing at all where an update has begun since it was decided`, async () => {
      await world.lock();
      assert.equal(await world.act(await lowering(kind)), 7);
      assert.deepEqual([world.effects, await world.green(), await world.text()], [[], 10, FILE]);
    });

    it(`${kind}: what the rules refuse of it is told, traffic and configuration follow, and no update`, async () => {
      const refused = [{ id: "T7", message: "data would be lost" }] as unknown as Lowering["refused"];
      assert.equal(await world.act(await lowering(kind, { refused })), 5);
      assert.deepEqual([world.effects, await world.text()], [["move", "write"], at(0)]);
      assert.match(world.told.join("\n"), /the update is refused by T7: data would be lost/);
    });
  }

  it("a retreat waits for no lock; what is written stays for the next tick", async () => {
    await world.lock();
    world.engine.answer = { outcome: "locked", said: "" };
    assert.equal(await world.act(await lowering("retreat", { fence: "2.4.0" })), 7);
    assert.deepEqual(world.effects, ["fence", "move", "write"]);
    assert.deepEqual([await world.green(), await world.text()], [0, at(0)]);
  });

  it("a retreat does the rest where a rule cannot be moved, and ends with 5", async () => {
    await world.aws.fail(MODIFY, "AccessDenied");
    assert.equal(await world.act(await lowering("retreat", { fence: "2.4.0" })), 5);
    assert.deepEqual(world.effects, ["fence", "write", "update"]);
    assert.match(world.told.join("\n"), /api: NOT moved: AccessDenied/);
  });

  it("leaves the update to somebody else where it is told to", async () => {
    const shift = change("shift", { live: "blue", traffic: greenAt(50) });
    assert.equal(await world.act(shift, { writeOnly: true }), 0);
    assert.deepEqual([world.effects, await world.text()], [["write"], at(50)]);
  });

  it("ends with 7 where somebody else's update holds the stack, and with 5 where the update failed", async () => {
    const shift = change("shift", { live: "blue", traffic: greenAt(50) });
    world.engine.answer = { outcome: "locked", said: "" };
    assert.equal(await world.act(shift), 7);
    assert.deepEqual([world.effects, await world.text()], [["write"], at(50)]);
    await world.write(FILE);
    world.engine.answer = { outcome: "failed", said: "error: a rule is gone" };
    assert.equal(await world.act(shift), 5);
    assert.match(world.told.join("\n"), /the update failed:\n +error: a rule is gone/);
  });

  it("does not write over what somebody has changed since, and does not update it", async () => {
    const theirs = editRelease(FILE, { green: { version: "2.5.0" } });
    await world.write(theirs);
    const shift = change("shift", { live: "blue", traffic: greenAt(50) });
    assert.equal(await world.act(shift), 5);
    assert.equal(await world.act(change("prepare", {})), 5);
    assert.deepEqual([world.effects, await world.text()], [[], theirs]);
    assert.match(world.told.join("\n"), /NOT written: Pulumi\.dev\.yaml was changed meanwhile/);
  });

  it("takes traffic back all the same where somebody has changed configuration since", async () => {
    const theirs = editRelease(FILE, { green: { version: "2.5.0" } });
    await world.write(theirs);
    assert.equal(await world.act(await lowering("retreat")), 5);
    assert.deepEqual([world.effects, await world.green(), await world.text()], [["move"], 0, theirs]);
  });

  it("ends between two effects, never in one, and never between a fence and its move", async () => {
    const retreat = await lowering("retreat", { fence: "2.4.0" });
    for (const [last, expected] of [
      ["fence", ["fence", "move"]],
      ["move", ["fence", "move"]],
      ["write", ["fence", "move", "write"]],
      ["update", ["fence", "move", "write", "update"]],
    ] as const) {
      world.effects.length = 0;
      await world.write(FILE);
      const stopping = new AbortController();
      const observe = (effect: string) =>
        effect === last && stopping.abort(new Interrupted("ended by SIGINT"));
      const acting = world.act(retreat, { stop: stopping.signal, observe });
      if (last === "update") assert.equal(await acting, 4);
      else await assert.rejects(acting, Interrupted);
      assert.deepEqual(world.effects, expected);
    }
  });

  it("tells what it did on lines of a terminal", async () => {
    const actions: Action[] = [change("shift", { live: "blue", traffic: greenAt(50) })];
    for (const action of actions) await world.act(action);
    for (const line of world.told) assert.ok(line.length <= 80, line);
  });
});
