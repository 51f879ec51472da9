import assert from "node:assert/strict";
import { fallingWith, formatKnown, knownOf, parseKnown, sizesOf, versionsOf } from "../../model/known";
import { LIMITS, NEW, OLD, SERVICES, at, promoted, recorded, release } from "./fixtures";

describe("what a stack publishes of its release", () => {
  it("names the flags that rose together with a version, and fall before its traffic goes back", () => {
    const beside = { version: "2.4.0", was: 10 };
    const flags = {
      risen: { percentage: 50, settled: false, beside },
      other: { percentage: 50, settled: false },
    };
    const known = knownOf(recorded(release(25), { flags }));
    assert.deepEqual(parseKnown(formatKnown(known)).flags, { risen: beside });
    assert.deepEqual(fallingWith(known, "2.4.0"), { risen: 10 });
    assert.deepEqual([fallingWith(known, "2.3.1"), fallingWith(known, undefined)], [{}, {}]);
    const none = knownOf(recorded(release(25)));
    assert.ok(!("flags" in none));
    assert.deepEqual(fallingWith(none, "2.4.0"), {});
  });

  it("is who is live, by which strategy, and what each colour runs", () => {
    const { live, strategy, versions, predecessor, unserved } = knownOf(recorded(release(25)));
    assert.deepEqual([live, strategy], ["blue", "canary"]);
    assert.deepEqual(versions, { blue: OLD.version, green: NEW.version });
    assert.deepEqual([predecessor, unserved], [undefined, []]);
  });

  it("leaves out a colour without a version", () => {
    assert.deepEqual(versionsOf(release(0, { green: {} })), { blue: OLD.version });
  });

  it("names the predecessor for as long as it is a way back, warm and cold", () => {
    const until = at(LIMITS.warmSeconds + LIMITS.coldSeconds);
    const warmUntil = at(LIMITS.warmSeconds);
    assert.deepEqual(knownOf(promoted()).predecessor, { colour: "blue", until, warmUntil });
    const { retention: _, ...expired } = promoted();
    assert.ok(!("predecessor" in knownOf(expired)));
    assert.ok(!("predecessor" in knownOf(recorded(release(25)))));
  });

  it("names each colour that the schema no longer serves", () => {
    const schema = {
      revision: "r5",
      phase: "contract",
      serves: "2.4.0",
      version: "2.4.0",
      at: at(0),
    } as const;
    assert.deepEqual(knownOf({ ...promoted(), schema }).unserved, ["blue"]);
  });

  it("has the sizes of public services alone, each colour's floor by its own capacity", () => {
    const sizes = sizesOf(release(25, { capacity: { green: 34 } }), SERVICES);
    assert.deepEqual(Object.keys(sizes), ["api-gateway", "voice-service", "admin-panel"]);
    assert.deepEqual(sizes["api-gateway"], { replicas: 3, floors: { blue: 3, green: 2 } });
  });

  it("is the same text in whatever order the state has its keys", () => {
    const baked = { version: "2.3.1", images: { api: "a", web: "b" }, at: at(0) };
    const turned = { at: at(0), images: { web: "b", api: "a" }, version: "2.3.1" };
    const [one, other] = [baked, turned].map((only) =>
      formatKnown(knownOf({ ...recorded(release(25)), baked: [only] })),
    );
    assert.equal(one, other);
  });

  it("is read as it was written", () => {
    for (const state of [recorded(release(25)), promoted()]) {
      const known = knownOf(state);
      assert.deepEqual(parseKnown(formatKnown(known)), known);
    }
  });

  it("is read as well where it was written before it said how long the predecessor is warm", () => {
    const known = knownOf(promoted());
    const { warmUntil: _, ...predecessor } = known.predecessor!;
    const older = { ...known, predecessor };
    assert.deepEqual(parseKnown(JSON.stringify(older)), older);
  });

  it("does not change with a shift", () => {
    assert.equal(formatKnown(knownOf(recorded(release(10)))), formatKnown(knownOf(recorded(release(75)))));
  });

  it("is not believed where a part of it is missing or of another kind", () => {
    const known = knownOf(promoted());
    const wrong: [keyof typeof known, unknown][] = [
      ["live", "red"],
      ["live", undefined],
      ["strategy", 1],
      ["strategy", undefined],
      ["versions", "2.4.0"],
      ["versions", null],
      ["versions", undefined],
      ["unserved", {}],
      ["unserved", undefined],
      ["sizes", 3],
      ["sizes", null],
      ["sizes", undefined],
    ];
    for (const [key, value] of wrong) {
      const text = JSON.stringify({ ...known, [key]: value });
      assert.throws(() => parseKnown(text), /lacks a part: found \{/, `${key}: ${String(value)}`);
    }
    assert.throws(() => parseKnown(""), /is no JSON/);
    assert.throws(() => parseKnown("null"), /lacks a part: found null/);
    assert.throws(() => parseKnown("warm"), /is no JSON: found warm/);
  });
});
