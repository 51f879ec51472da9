import assert from "node:assert/strict";
import {
  differences,
  sameManifest,
  sameMigration,
  sameRelease,
  sameRunning,
  servicesOf,
} from "../../model/manifest";
import { NEW, OLD, release } from "./fixtures";

const MIGRATION = { revision: "r4", phase: "expand", serves: "2.3.1" } as const;

describe("what a colour runs", () => {
  it("is the same in whatever order it is written, and without what is empty", () => {
    const one = {
      ...NEW,
      images: { a: "x:1", b: "y:1" },
      settings: { A: "1", B: "2" },
      services: ["a", "b"],
    };
    const other = {
      ...NEW,
      images: { b: "y:1", a: "x:1" },
      settings: { B: "2", A: "1" },
      services: ["b", "a", "b"],
    };
    assert.ok(sameManifest(one, other));
    assert.ok(sameManifest(NEW, { ...NEW, images: {}, settings: {} }));
    assert.ok(sameManifest({}, {}));
  });

  it("is another thing by each of its parts, which is named", () => {
    const whole = {
      version: "2.4.0",
      images: { a: "x:1" },
      settings: { A: "1" },
      services: ["a"],
      migration: MIGRATION,
    };
    for (const [key, value] of [
      ["version", "2.4.1"],
      ["images", { a: "x:2" }],
      ["images", { b: "x:1" }],
      ["settings", { A: "2" }],
      ["settings", { B: "1" }],
      ["services", ["b"]],
      ["services", undefined],
      ["migration", { ...MIGRATION, revision: "r5" }],
      ["migration", undefined],
    ] as const) {
      const other = { ...whole, [key]: value };
      assert.ok(!sameManifest(whole, other), key);
      assert.deepEqual(differences(whole, other), [key]);
    }
    assert.deepEqual(differences(whole, whole), []);
    assert.deepEqual(differences(OLD, { ...NEW, settings: { A: "1" } }), ["version", "settings"]);
  });

  it("has the same migration where both have none, or one by all its parts", () => {
    assert.ok(sameMigration(undefined, undefined));
    assert.ok(sameMigration(MIGRATION, { ...MIGRATION }));
    assert.ok(!sameMigration(MIGRATION, undefined));
    assert.ok(!sameMigration(undefined, MIGRATION));
    assert.ok(!sameMigration(MIGRATION, { ...MIGRATION, revision: "r5" }));
  });

  it("has no services without a version, those that it names, or every one of the stack", () => {
    const stack = { a: {}, b: {} };
    assert.deepEqual(servicesOf({}, stack), []);
    assert.deepEqual(servicesOf({ services: ["a"] }, stack), []);
    assert.deepEqual(servicesOf({ version: "1", services: ["a"] }, stack), ["a"]);
    assert.deepEqual(servicesOf({ version: "1" }, stack), ["a", "b"]);
  });
});

describe("what bakes", () => {
  it("is strategy, live colour, shares and what both colours run, each of them", () => {
    const one = release(100);
    for (const other of [
      release(100, { strategy: "blue-green" }),
      release(100, { live: "green" }),
      release(99),
      release(100, { traffic: { blue: 1, green: 100 } }),
      release(100, { blue: NEW }),
      release(100, { green: OLD }),
    ]) {
      assert.ok(!sameRunning(one, other), JSON.stringify(other));
      assert.ok(!sameRelease(one, other), JSON.stringify(other));
    }
    assert.ok(sameRunning(one, release(100)));
    assert.ok(sameRelease(one, release(100)));
    assert.ok(!sameRelease(one, release(100, { capacity: { blue: 99 } })));
  });
});
