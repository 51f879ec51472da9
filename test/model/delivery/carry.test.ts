import assert from "node:assert/strict";
import type { Baked } from "../../../model/baked";
import { carry } from "../../../model/delivery/carry";
import { at, release } from "../fixtures";

const SERVED = ["api", "jobs"];
const DIGEST = `registry.example.com/storage@sha256:${"a".repeat(64)}`;
const baked = (version: string, seconds = -60, more: Partial<Baked> = {}): Baked => ({
  version,
  at: at(seconds),
  ...more,
});
const wish = (all: readonly Baked[], green = 0, version?: string) =>
  carry({
    release: release(green, { green: green > 0 ? { version: "2.4.0" } : {} }),
    baked: all,
    version,
    services: SERVED,
    now: at(0),
  });

describe("what is carried from one environment to the next", () => {
  it("is the newest version that has baked, with its images and its migration", () => {
    const migration = { revision: "5f1c2a", phase: "expand", serves: "2.3.1" } as const;
    const found = wish([baked("2.5.0", -60, { images: { storage: DIGEST }, migration }), baked("2.4.0")]);
    assert.ok(found.kind === "edit");
    assert.deepEqual(found.edit, { green: { version: "2.5.0", images: { storage: DIGEST }, migration } });
  });

  it("is there already, and nobody's word for another migration than what baked with it", () => {
    const migration = { revision: "5f1c2a", phase: "expand", serves: "2.3.1" } as const;
    const found = (own?: object) =>
      carry({
        release: release(0, {
          green: { version: "2.4.0", ...(own && { migration: { ...migration, ...own } }) },
        }),
        ...{ baked: [baked("2.4.0", -60, { migration })], services: SERVED, now: at(0) },
      });
    for (const own of [undefined, {}])
      assert.deepEqual(found(own), { kind: "nothing", why: "green has 2.4.0 already", colour: "green" });
    assert.ok(!("colour" in found({ revision: "ffffff" })));
  });

  it("leaves to the stack what is its own: the live colour's settings", () => {
    const settings = { PRIMARY_PROVIDER: "openai" };
    const live = release(0, { blue: { version: "2.3.1", settings }, green: {} });
    const found = carry({ release: live, baked: [baked("2.4.0")], services: SERVED, now: at(0) });
    assert.ok(found.kind === "edit");
    assert.deepEqual(found.edit.green, { version: "2.4.0", settings });
  });

  it("names services only where the live colour has not all of them", () => {
    const of = (services: string[]) => {
      const live = release(0, { blue: { version: "2.3.1", services }, green: {} });
      const found = carry({ release: live, baked: [baked("2.4.0")], services: SERVED, now: at(0) });
      assert.ok(found.kind === "edit");
      return found.edit.green;
    };
    assert.deepEqual(of(["jobs", "api"]), { version: "2.4.0" });
    assert.deepEqual(of(["api"]), { version: "2.4.0", services: ["api"] });
  });

  it("waits for what still bakes, and for a release that is under way", () => {
    assert.match(JSON.stringify(wish([baked("2.5.0", 60)])), /2\.5\.0 still bakes there/);
    assert.match(JSON.stringify(wish([baked("2.5.0")], 10)), /green has 10 % of the traffic with 2\.4\.0/);
    assert.match(
      JSON.stringify(wish([baked("2.5.0")], 0, "2.6.0")),
      /2\.6\.0 has not baked there; what has: 2\.5\.0/,
    );
    assert.equal(wish([]).kind, "held");
  });

  it("is of what was packed alone, and takes the place of nothing that was packed later", () => {
    const list = [baked("2.6.0"), baked("2.5.0", -60, { images: { storage: DIGEST } }), baked("2.4.0")];
    const packed = (among: readonly Baked[], green: string | undefined, version?: string) =>
      carry({
        release: release(0, { green: green === undefined ? {} : { version: green } }),
        ...{ baked: list, among, version, services: SERVED, now: at(0) },
      });
    const found = packed(list.slice(1), undefined);
    assert.ok(found.kind === "edit");
    assert.deepEqual(found.edit, { green: { version: "2.5.0", images: { storage: DIGEST } } });
    const later = packed(list.slice(1), "2.6.0");
    assert.deepEqual(later, { kind: "nothing", why: "green has 2.6.0, which is newer" });
    assert.equal(packed(list.slice(1), "2.6.0", "2.4.0").kind, "edit");
    assert.equal(packed(list.slice(2), undefined, "2.5.0").kind, "held");
    // Other images are another build.
    for (const among of [[], [baked("2.5.0")]])
      assert.match(JSON.stringify(packed(among, undefined)), /nothing that was packed has baked there/);
  });

  it("does nothing where it is there already", () => {
    assert.equal(wish([baked("2.3.1")]).kind, "nothing");
    assert.equal(wish([baked("2.4.0")], 10).kind, "nothing");
  });
});
