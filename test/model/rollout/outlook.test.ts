import assert from "node:assert/strict";
import { outlook, standsStill } from "../../../model/rollout/outlook";
import type { Plan } from "../../../model/rollout/plan";
import { sceneOf } from "../../../model/rollout/situation";
import { leastOf } from "../../../model/shares";
import { at, release } from "../fixtures";
import { NOW, PLAN, SINCE, asked, good, standing } from "./situations";
import { World } from "./world";

const of = (world: World, plan: Plan = PLAN) => {
  const situation = world.situation();
  return outlook(sceneOf({ ...situation, asked: { ...situation.asked, plan } }, world.state));
};

describe("a plan's outlook", () => {
  it("is what comes about where all goes well: each stop at its time, and the promote", () => {
    for (const green of [0, 10, 50, 100]) {
      const world = new World(standing(green), at(SINCE + 1));
      const { stops, promoteNotBefore, standsStill } = of(world);
      assert.equal(standsStill, undefined);
      const reached = new Map<number, string>();
      let promoted: string | undefined;
      for (let second = 1; promoted === undefined; second += 1) {
        assert.ok(second < 1_000);
        world.now = at(SINCE + second);
        world.tick();
        const { live } = world.state.release;
        if (live === "green") promoted = world.now;
        for (const { share } of stops)
          if (!reached.has(share) && leastOf(world.state, "green") >= share) reached.set(share, world.now);
      }
      assert.equal(promoteNotBefore, promoted, `from ${green} %`);
      for (const { share, place, notBefore } of stops) {
        const expected = place === "ahead" ? reached.get(share) : undefined;
        assert.equal(notBefore, expected, `${share} % from ${green} %`);
      }
    }
  });

  it("says at which stop the release is", () => {
    const places = (green: number) => of(new World(standing(green), NOW)).stops.map(({ place }) => place);
    assert.deepEqual(places(0), ["ahead", "ahead", "ahead"]);
    assert.deepEqual(places(10), ["here", "ahead", "ahead"]);
    assert.deepEqual(places(40), ["here", "ahead", "ahead"], "between two it has reached the lower one");
    assert.deepEqual(places(100), ["behind", "behind", "here"]);
  });

  it("has no stops between nothing and all but for a canary", () => {
    const world = new World(standing(0, { strategy: "blue-green" }), NOW);
    assert.deepEqual(
      of(world).stops.map(({ share }) => share),
      [100],
    );
  });

  it("stands still where nothing is under way, and says why", () => {
    const still = of(new World(standing(0, { green: {} }), NOW));
    assert.equal(still.standsStill, "green is free for the next version");
    assert.ok(still.stops.every(({ notBefore }) => notBefore === undefined));
    assert.equal(still.promoteNotBefore, undefined);
  });

  it("begins with what configuration asks for and the state lacks", () => {
    const state = standing(0, { green: {} });
    const situation = good(state, NOW, { asked: asked(release(0)) });
    const scene = sceneOf(situation, state);
    assert.equal(standsStill(scene), undefined);
    assert.ok(outlook(scene).promoteNotBefore);
  });

  it("stands still where the rules lead nowhere, with their message", () => {
    const state = standing(0, {}, { takenBack: [{ version: "2.4.0", at: at(SINCE) }] });
    const { standsStill, promoteNotBefore } = of(new World(state, NOW));
    assert.match(standsStill ?? "", /taken back/);
    assert.equal(promoteNotBefore, undefined);
  });
});
