import assert from "node:assert/strict";
import { cachesLeft, clearings } from "../../../model/providers/caches";
import type { Providers } from "../../../model/providers/providers";
import { next } from "../../../model/transition";
import { at, recorded, release, transition } from "../fixtures";

const provider = { variable: "KEY", secret: "key", keyPattern: "^x$", requestsPerMinute: 1 };
const PROVIDERS: Providers = {
  groq: { ...provider, clearCaches: false },
  openai: { ...provider, clearCaches: true },
};
const blue = { version: "2.3.1", settings: { PRIMARY_PROVIDER: "groq" } };
const green = { version: "2.4.0", settings: { PRIMARY_PROVIDER: "openai" } };
const both = (share: number, changes: object = {}) => release(share, { blue, green, ...changes });

describe("caches of a colour that was taken back", () => {
  const retreat = transition(recorded(both(50)), both(0), { now: at(60) });
  const after = next(retreat);
  const cleared = [{ colour: "green", version: "2.4.0", at: at(60) }];

  it("are cleared by the update after it, and by none that moves traffic", () => {
    assert.deepEqual(clearings(retreat, PROVIDERS), []);
    assert.deepEqual(clearings({ from: after, to: both(0) }, PROVIDERS), cleared);
    assert.deepEqual(clearings({ from: after, to: both(10) }, PROVIDERS), []);
  });

  it("are cleared once: the same until the colour runs something else", () => {
    const later = next(transition(after, both(0), { now: at(120) }));
    assert.deepEqual(clearings({ from: later, to: both(0) }, PROVIDERS), cleared);
    const other = { green: { ...green, version: "2.4.1" } };
    assert.deepEqual(clearings({ from: later, to: both(0, other) }, PROVIDERS), []);
    assert.deepEqual(clearings({ from: later, to: both(0, { green: {} }) }, PROVIDERS), []);
  });

  it("stay where no provider says that they go, and where nothing was taken back", () => {
    const plain = { ...PROVIDERS, openai: { ...provider, clearCaches: false } };
    assert.deepEqual(clearings({ from: after, to: both(0) }, plain), []);
    assert.deepEqual(clearings({ from: recorded(both(0)), to: both(0) }, PROVIDERS), []);
    assert.deepEqual(clearings({ from: undefined, to: both(0) }, PROVIDERS), []);
  });

  it("are told of to whoever takes the colour back, where they are to go", () => {
    const told = (colour: "blue" | "green") => cachesLeft({ release: both(0), providers: PROVIDERS }, colour);
    assert.equal(told("green"), "what green has cached is cleared by a Job of the next pulumi up");
    assert.equal(told("blue"), undefined);
  });

  it("are never those of the live colour, though it runs the same version", () => {
    const same = { blue: { ...green }, green: { ...green, settings: { ...green.settings, RATE: "2" } } };
    const fallen = next(transition(recorded(both(50, same)), both(0, same), { now: at(60) }));
    assert.deepEqual(
      clearings({ from: fallen, to: both(0, same) }, PROVIDERS).map(({ colour }) => colour),
      ["green"],
    );
  });
});
