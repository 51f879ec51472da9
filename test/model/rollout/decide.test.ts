import assert from "node:assert/strict";
import { greenAt } from "../../../model/release";
import { type Code, earliest } from "../../../model/rollout/action";
import { decide } from "../../../model/rollout/decide";
import type { Situation } from "../../../model/rollout/situation";
import { at, promoted, release } from "../fixtures";
import { NOW, PLAN, SINCE, analysed, asked, codes, decided, good, standing, targetsOf } from "./situations";

describe("a decision", () => {
  it("raises a share by the plan's next step where everything was seen to be good", () => {
    for (const [from, to] of [
      [0, 10],
      [10, 40],
      [40, 50],
      [50, 80],
      [80, 100],
    ] as const) {
      const action = decided(standing(from));
      assert.equal(action.kind, "shift", JSON.stringify(action.reasons));
      assert.deepEqual("edit" in action && action.edit, { live: "blue", traffic: greenAt(to) });
    }
  });

  it("promotes at 100 once it has baked, and says until when it waits before", () => {
    const state = standing(100);
    const early = decide(good(state, at(SINCE + 40)));
    assert.ok(early.kind === "hold");
    assert.equal(early.reasons[0]?.rule, "T5");
    assert.equal(earliest(early), at(SINCE + 100));
    const action = decided(state);
    assert.equal(action.kind, "promote");
    assert.deepEqual("edit" in action && action.edit, { live: "green", traffic: greenAt(100) });
  });

  it("flips under blue-green in one move, after the preview's checks", () => {
    const state = standing(0, { strategy: "blue-green" });
    const action = decided(state, { analysis: { unseen: "nobody has met it yet" } });
    assert.equal(action.kind, "promote");
    assert.deepEqual("edit" in action && action.edit, { live: "green", traffic: greenAt(100) });
    const unchecked = decided(state, { validation: { unseen: "not asked yet" } });
    assert.ok(unchecked.kind === "hold");
    assert.deepEqual(unchecked.asks, ["validation"]);
  });

  it("gives no first share to a candidate whose providers' calls nobody could count", () => {
    const finding = (criterion: string) => ({
      ...{
        criterion,
        verdict: "could-not-observe",
        evidence: "calls of groq could not be seen",
        figures: {},
      },
    });
    const found = (criterion: string, state = standing(0)) => {
      const value = analysed(state, NOW, "could-not-observe");
      const judgement = { ...value.judgement, findings: [finding(criterion)] as const };
      return decided(state, { analysis: { value: { ...value, judgement } } } as Partial<Situation>);
    };
    const action = found("quota of groq");
    assert.deepEqual([action.kind, codes(action)], ["hold", ["unobserved"]]);
    assert.equal("reasons" in action && action.reasons[0]?.text, "calls of groq could not be seen");
    assert.equal(found("quota of groq", standing(0, { strategy: "blue-green" })).kind, "hold");
    assert.equal(found("errors").kind, "shift");
  });

  it("has nothing to decide under rolling, nor without a candidate, nor beside what is kept", () => {
    assert.equal(decided(standing(0, { strategy: "rolling", green: {} })).kind, "done");
    assert.equal(decided(standing(0, { green: {} })).kind, "done");
    const kept = promoted();
    assert.equal(decide(good(kept, at(60))).kind, "done");
  });

  it("deploys what configuration asks for before it gives it a share", () => {
    const state = standing(0, { green: {} });
    const action = decided(state, { asked: asked(release(10)) });
    assert.equal(action.kind, "prepare");
    assert.deepEqual("edit" in action && action.edit, { live: "blue", traffic: greenAt(0) });
    const plain = decided(state, { asked: asked(release(0)) });
    assert.deepEqual("edit" in plain && plain.edit, {});
  });

  it("says when the next version may take the place of one that was taken back", () => {
    const drainedAt = { green: at(SINCE + 490) };
    const action = decided(standing(0, {}, { drainedAt }), {
      asked: asked(release(0, { green: { version: "2.4.1" } })),
    });
    assert.ok(action.kind === "hold");
    assert.equal(action.reasons[0]?.rule, "T6");
    assert.equal(earliest(action), at(SINCE + 520));
  });

  it("leaves to somebody what the live colour is to run", () => {
    const action = decided(standing(0), { asked: asked(release(0, { blue: { version: "9.0.0" } })) });
    assert.equal(action.kind, "hold");
    assert.deepEqual(codes(action).slice(0, 2), ["behind", "rule"]);
  });

  it("waits for the bake of the step, and says until when", () => {
    const state = standing(10);
    const action = decide(good(state, at(SINCE + 59)));
    assert.ok(action.kind === "hold");
    assert.deepEqual(codes(action), ["bake"]);
    assert.equal(earliest(action), at(SINCE + 60));
    assert.equal(decide(good(state, at(SINCE + 60))).kind, "shift");
  });

  it("holds on failure without urgency, on what is inconclusive and on what could not be observed", () => {
    const state = standing(10);
    const verdicts = [
      ["failure", "hold", "failing"],
      ["inconclusive", undefined, "inconclusive"],
      ["could-not-observe", undefined, "unobserved"],
    ] as const;
    for (const [verdict, urgency, code] of verdicts) {
      const action = decided(state, { analysis: { value: analysed(state, NOW, verdict, urgency) } });
      assert.equal(action.kind, "hold");
      assert.deepEqual(codes(action), [code]);
    }
  });

  it("believes no analysis that is old, of another version, or of an earlier step", () => {
    const state = standing(10);
    const fresh = analysed(state, NOW);
    for (const value of [
      { ...fresh, at: at(SINCE + 500 - 301) },
      { ...fresh, version: "2.3.9" },
      { ...fresh, since: at(SINCE - 1) },
      { ...fresh, colour: "blue" as const, version: "2.3.1" },
    ]) {
      const action = decided(state, { analysis: { value } });
      assert.deepEqual([action.kind, codes(action)], ["hold", ["unobserved"]]);
    }
  });

  it("holds under somebody else's update, a wrong clock and a plan that is held", () => {
    const state = standing(10);
    const holding: [Partial<Situation>, Code][] = [
      [{ lock: { value: {} } }, "lock"],
      [{ lock: { unseen: "no" } }, "unobserved"],
      [{ skewSeconds: { value: -61 } }, "clock"],
      [{ skewSeconds: { unseen: "no" } }, "unobserved"],
      [{ now: at(SINCE - 61) }, "clock"],
      [{ asked: asked(state.release, { plan: { ...PLAN, hold: "lunch" } }) }, "stopped"],
      [{ recorded: { unseen: "no" } }, "unobserved"],
      [{ recorded: { value: undefined } }, "behind"],
    ];
    for (const [changes, code] of holding) {
      const action = decided(state, changes);
      assert.deepEqual([action.kind, codes(action)[0]], ["hold", code]);
    }
  });

  it("makes the candidate larger before a share that its pods do not carry, and waits for them", () => {
    const state = standing(50, { capacity: { green: 50 } });
    const action = decided(state);
    assert.equal(action.kind, "prepare");
    assert.equal("edit" in action && action.edit.capacity?.green, 80);
    const full = standing(50);
    const few = decided(full, { targets: targetsOf(standing(50, { capacity: { green: 10 } })) });
    assert.equal(few.kind, "hold");
    assert.ok(codes(few).every((code) => code === "targets"));
    assert.deepEqual(codes(decided(full, { targets: {} })), ["unobserved", "unobserved", "unobserved"]);
  });

  it("gives somebody the share that he asks for without the plan's times and gates, and nothing else", () => {
    const state = standing(10);
    const soon = at(SINCE + 1);
    const action = decide(good(state, soon, { wish: 30 }));
    assert.equal(action.kind, "shift");
    assert.deepEqual("edit" in action && action.edit.traffic, greenAt(30));
    assert.equal(decide(good(state, soon, { wish: 30, analysis: { unseen: "no" } })).kind, "hold");
    assert.equal(decide(good(state, soon, { wish: 10 })).kind, "done");
    assert.deepEqual(codes(decided(standing(0), { wish: 40 })), ["passed"]);
  });

  it("says what a rule refuses with the rule's reason", () => {
    const takenBack = [{ version: "2.4.0", at: at(0) }];
    const action = decided(standing(0, {}, { takenBack }));
    assert.equal(action.kind, "hold");
    assert.deepEqual([action.reasons[0]?.code, action.reasons[0]?.rule], ["rule", "T12"]);
    assert.match(action.reasons[0]?.text ?? "", /taken back/);
  });

  it("asks the gates of a step once nothing else is against going on, and no sooner", () => {
    const gates = [
      { kind: "command" as const, name: "accuracy", command: ["./accuracy"], timeoutSeconds: 60 },
      { kind: "manual" as const, name: "go", approver: "lead", expires: at(9_000) },
    ];
    const plan = { name: "own", steps: [{ share: 10, bakeSeconds: 60, gates }, PLAN.steps[2]!] };
    const state = standing(10);
    const gated = (changes: Partial<Situation>) =>
      decided(state, { asked: asked(state.release, { plan }), ...changes });
    const asking = gated({});
    assert.ok(asking.kind === "hold");
    assert.deepEqual(asking.asks, gates);
    const early = gated({ now: at(SINCE + 10) });
    assert.deepEqual(early.kind === "hold" && early.asks, []);
    const answered = (exit: number, by: string) =>
      gated({
        gates: {
          accuracy: { value: { kind: "command", exit, at: NOW } },
          go: { value: { kind: "manual", by, at: NOW } },
        },
      });
    assert.equal(answered(0, "lead").kind, "shift");
    assert.equal(answered(1, "lead").kind, "hold");
    assert.equal(answered(0, "somebody").kind, "hold");
  });
});
