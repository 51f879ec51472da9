import assert from "node:assert/strict";
import type { Flags } from "../../../model/flags";
import { SETTLES_SECONDS } from "../../../model/flags/settled";
import { judge } from "../../../model/transition";
import { LIMITS, NEW, OLD, apply, at, promoted, recorded, refusedBy, release, transition } from "../fixtures";

const flag = (percentage: number, settled = false): Flags => ({ partial: { percentage, settled } });

/** From one share and percentage to another; prod's limit is 25 %. */
const move = ([green, percentage]: readonly [number, number], [share, asked]: readonly [number, number]) =>
  transition(recorded(release(green), { flags: flag(percentage) }), release(share), { flags: flag(asked) });

describe("T11, a version and a flag that are both new to too many users", () => {
  it("permits exactly the limit, and refuses a point of either more", () => {
    assert.deepEqual(refusedBy(move([49, 50], [50, 50])), []);
    assert.deepEqual(refusedBy(move([49, 50], [51, 50])), ["T11"]);
    assert.deepEqual(refusedBy(move([50, 49], [50, 50])), []);
    assert.deepEqual(refusedBy(move([50, 49], [50, 51])), ["T11"]);
  });

  it("refuses no fall and no standstill, however far above the limit", () => {
    assert.deepEqual(refusedBy(move([100, 100], [100, 100])), []);
    assert.deepEqual(refusedBy(move([100, 100], [99, 100])), []);
    assert.deepEqual(refusedBy(move([100, 100], [100, 99])), []);
    assert.deepEqual(refusedBy(move([100, 90], [99, 91])), ["T11"], "a fall hides no rise of the other");
    assert.deepEqual(refusedBy(move([100, 90], [0, 100])), [], "nobody is in both");
  });

  it("counts a flag that was never recorded from nothing", () => {
    const asked = transition(recorded(release(50)), release(50), { flags: flag(51) });
    assert.deepEqual(refusedBy(asked), ["T11"]);
    assert.deepEqual(refusedBy({ ...asked, flags: flag(50) }), []);
  });

  it("is not about flags that all sessions have had for two weeks", () => {
    const since = { partial: { ...flag(100)["partial"]!, since: at(0) } };
    const shifted = (seconds: number) =>
      transition(recorded(release(25), { flags: since, limits: LIMITS }), release(50), {
        ...{ flags: flag(100), now: at(seconds) },
      });
    assert.deepEqual(refusedBy(shifted(SETTLES_SECONDS)), []);
    assert.deepEqual(refusedBy(shifted(SETTLES_SECONDS - 1)), ["T11"]);
  });

  it("is not about settled flags, nor about versions that are trusted", () => {
    const settled = { flags: flag(100, true) };
    assert.deepEqual(refusedBy(transition(recorded(release(50)), release(75), settled)), []);
    assert.deepEqual(refusedBy(transition(recorded(release(0)), release(0), { flags: flag(100) })), []);
    const back = transition(promoted(), release(50, { live: "green" }), { flags: flag(100), now: at(60) });
    assert.deepEqual(refusedBy(back), []);
    assert.deepEqual(refusedBy(transition(undefined, release(0), { flags: flag(100) })), []);
  });

  it("judges each flag by itself", () => {
    const flags = { one: { percentage: 25, settled: false }, two: { percentage: 26, settled: false } };
    const violations = judge(transition(recorded(release(75)), release(100), { flags }));
    assert.deepEqual(
      violations.map(({ found }) => found),
      ["100 % × 26 % = 26 %"],
    );
  });

  it("counts what is replaced in place as all traffic, on the way there and not on the way back", () => {
    const rolling = (blue: object) => release(0, { strategy: "rolling", green: {}, blue });
    const forth = transition(recorded(rolling(OLD)), rolling(NEW), { flags: flag(26) });
    assert.deepEqual(refusedBy(forth), ["T11"]);
    assert.match(
      judge(forth)[0]!.remedy,
      /^pulumi config set --path 'sluice:flags\.partial\.rollout_percentage' 25$/,
    );
    assert.deepEqual(refusedBy({ ...forth, flags: flag(25) }), []);
    const updated = apply({ ...forth, flags: flag(25) });
    assert.deepEqual(refusedBy(transition(updated, rolling(OLD), { flags: flag(100) })), []);
  });

  it("counts a flip, and the flag that rises with a promote", () => {
    const ready = recorded(release(0, { strategy: "blue-green" }), { since: at(-LIMITS.bakeSeconds) });
    const flip = transition(ready, release(100, { strategy: "blue-green", live: "green" }), {
      flags: flag(26),
    });
    assert.deepEqual(refusedBy(flip), ["T11"]);
    assert.deepEqual(refusedBy({ ...flip, flags: flag(25) }), []);
    const full = recorded(release(100), { since: at(-LIMITS.bakeSeconds), flags: flag(25) });
    const promote = transition(full, release(100, { live: "green" }), { flags: flag(26) });
    assert.deepEqual(refusedBy(promote), ["T11"]);
    assert.deepEqual(refusedBy({ ...promote, flags: flag(25) }), []);
  });

  it("says how far to lower which, by commands that make it permitted", () => {
    const raised = move([50, 40], [75, 40]);
    const [share] = judge(raised);
    assert.equal(share?.where, "sluice:release.traffic.green");
    assert.equal(share.found, "75 % × 40 % = 30 %");
    assert.equal(share.limit, "25 % of the users in both");
    assert.match(share.remedy, /traffic\.green' 62 && .*traffic\.blue' 38$/);
    assert.match(
      share.message,
      /or the flag \(pulumi config set --path 'sluice:flags\.partial\.rollout_percentage' 33\), or wait until 2\.4\.0 is trusted/,
    );
    assert.deepEqual(refusedBy({ ...raised, to: release(62) }), []);
    assert.deepEqual(refusedBy({ ...raised, flags: flag(33) }), []);
    const [widened] = judge(move([50, 40], [50, 60]));
    assert.equal(widened?.where, "sluice:flags.partial");
    assert.equal(widened.remedy, "pulumi config set --path 'sluice:flags.partial.rollout_percentage' 50");
  });

  it("is asked by the stricter limit where the edit relaxes it", () => {
    const limits = { ...LIMITS, exposure: 100 };
    const { from, ...rest } = move([49, 50], [51, 50]);
    assert.deepEqual(refusedBy({ ...rest, from: { ...from!, limits: LIMITS }, limits }), ["T11"]);
    assert.deepEqual(refusedBy({ ...rest, from: { ...from!, limits }, limits }), []);
  });
});
