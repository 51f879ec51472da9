import assert from "node:assert/strict";
import { MOST_BAKED, bakedIn } from "../../model/baked";
import { formatKnown, knownOf, parseKnown } from "../../model/known";
import { LIMITS, NEW, apply, at, promoted, recorded, release, transition } from "./fixtures";

describe("what has baked", () => {
  const first = apply(transition(undefined, release(0, { green: {} })));

  it("is the first deployment once its bake time is over, and a promoted version at once", () => {
    assert.deepEqual(first.baked, [{ version: "2.3.1", at: at(LIMITS.bakeSeconds) }]);
    const [newest, ...rest] = promoted().baked ?? [];
    assert.equal(newest?.version, "2.4.0");
    assert.equal(newest.at, promoted().trusted.at);
    assert.deepEqual(
      rest.map(({ version }) => version),
      ["2.3.1"],
    );
  });

  it("is no more what was left for its predecessor", () => {
    const back = apply(transition(promoted(), release(0), { now: at(60) }));
    assert.deepEqual(
      (back.baked ?? []).map(({ version }) => version),
      ["2.3.1"],
    );
  });

  it("stays as it is where the live version stays", () => {
    assert.deepEqual(apply(transition(first, release(0), { now: at(60) })).baked, first.baked);
  });

  it("is what ran before it was recorded, in a state that does not tell", () => {
    const { baked: _, ...old } = recorded(release(0, { green: {} }));
    const next = apply(transition(old, release(0), { now: at(60) }));
    assert.deepEqual(
      next.baked?.map(({ version }) => version),
      ["2.3.1"],
    );
  });

  it("is remembered for so many versions, and no more than a parameter takes", () => {
    const images = Object.fromEntries(
      Array.from({ length: 6 }, (_, i) => [
        `service-${i}`,
        `registry.example.com/a/service-${i}@sha256:${"a".repeat(64)}`,
      ]),
    );
    const rolling = (version: string) =>
      release(0, { strategy: "rolling", green: {}, blue: { version, images } });
    let state = recorded(rolling("1.0.0"));
    for (let minor = 1; minor <= 20; minor += 1)
      state = apply(transition(state, rolling(`1.${minor}.0`), { now: at(60 * minor) }));
    const { baked = [] } = state;
    assert.equal(baked[0]?.version, "1.20.0");
    assert.ok(baked.length <= MOST_BAKED && JSON.stringify(baked).length <= 2_500, String(baked.length));
  });

  it("is published with who is trusted, and read again", () => {
    const known = knownOf(promoted());
    assert.deepEqual(parseKnown(formatKnown(known)).baked, promoted().baked);
    assert.equal(bakedIn([{ version: 2 }]), undefined);
    assert.throws(() => parseKnown(JSON.stringify({ ...known, baked: [{}] })), /lacks a part/);
  });

  it("names the digest, so that another build of the same version is another one", () => {
    const images = (end: string) => ({ storage: `registry.example.com/storage@sha256:${end.repeat(64)}` });
    const rolling = (end: string) =>
      release(0, { strategy: "rolling", green: {}, blue: { ...NEW, images: images(end) } });
    const next = apply(transition(recorded(rolling("a")), rolling("b"), { now: at(60) }));
    assert.equal(next.baked?.length, 2);
  });
});
