import assert from "node:assert/strict";
import { Transition } from "../../components/release/transition";
import { type TransitionInputs, transitionFrom, transitionInputs } from "../../model/footprint";
import type { Transition as Intent } from "../../model/transition";
import { at, promoted, recorded, release, transition } from "../model/fixtures";
import { record, settled } from "./mocks";

const TYPE = "sluice:release:Transition";

async function made(intent: Intent) {
  const mocks = record();
  new Transition("release", intent);
  await settled();
  return mocks;
}

const inputsOf = async (intent: Intent) =>
  (await made(intent)).find(TYPE, "release") as unknown as TransitionInputs;

describe("Transition", () => {
  it("shows where the release comes from and where it goes, and loses nothing of it", async () => {
    const now = at(60);
    const intent = transition(promoted(), release(40, { live: "green" }), { now });
    const inputs = await inputsOf(intent);
    assert.deepEqual(transitionFrom(inputs, now), intent);
    assert.deepEqual(inputs.to.traffic, { blue: 60, green: 40 });
  });

  it("has no beginning on a new stack", async () => {
    const inputs = await inputsOf(transition(undefined, release(0)));
    assert.ok(!("from" in inputs));
    assert.equal(transitionFrom(inputs, at(0)).from, undefined);
  });

  it("does not hold the time, which would change it at every look", async () => {
    const asked = (seconds: number) => transition(recorded(release(10)), release(35), { now: at(seconds) });
    assert.deepEqual(await inputsOf(asked(0)), await inputsOf(asked(3_600)));
  });

  it("is what policies are given: the same inputs that the model makes", async () => {
    const intent = transition(recorded(release(10)), release(35));
    assert.deepEqual(await inputsOf(intent), transitionInputs(intent));
  });

  it("has no children: a rule depends on it, and would wait for them", async () => {
    const { registered } = await made(transition(recorded(release(10)), release(35)));
    assert.deepEqual(
      registered.map(({ type }) => type),
      [TYPE],
    );
  });
});
