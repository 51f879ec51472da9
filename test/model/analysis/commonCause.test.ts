import assert from "node:assert/strict";
import { type Watched, analyse } from "../../../model/analysis/analyse";
import { type Minute, ago, minutes, watched } from "./fixtures";

const CALM: Minute = [540, 1, 1];
const BURST: Minute = [540, 108, 1];
/** Two bad minutes in twenty, for an hour. */
const BURSTS = [1, 2, 3].flatMap(() => [...minutes(18, CALM), ...minutes(2, BURST)]);
const tenth = (each: readonly Minute[]): Minute[] =>
  each.map(([requests, errors]) => [requests / 9, Math.round(errors / 9), 0]);

/** Live did `before`, and the candidate a tenth beside it; then the candidate did `alone`. */
function afterwards(before: readonly Minute[], alone: readonly Minute[]): Watched {
  const idleSince = ago(30 + 60 * alone.length);
  const all = watched([...tenth(before), ...alone], [...before, ...minutes(alone.length, [0, 0, 0])]);
  const looks = (all.services[0]?.live?.looks ?? []).slice(0, before.length + 1);
  return watched([...tenth(before), ...alone], before, { live: { looks, idleSince } });
}

const errorRate = (asked: Watched) =>
  analyse(asked).findings.find(({ criterion }) => criterion === "errorRate")!;
const urgency = (asked: Watched) => analyse(asked).urgency;

describe("a cause that both colours have in common", () => {
  it("is seen where the share rises in the middle of a bad time, and sums over it would differ", () => {
    const candidate: Minute[] = [...minutes(4, [60, 0, 0]), ...minutes(2, [150, 30, 0])];
    const live: Minute[] = [...minutes(4, [540, 1, 1]), ...minutes(2, [450, 90, 1])];
    assert.equal(urgency(watched(candidate, live)), "hold");
    assert.match(errorRate(watched(candidate, live)).evidence, /Live blue is no better/);
  });

  it("is none where the candidate is worse than a bad live colour beyond chance, at once", () => {
    assert.equal(urgency(watched([[60, 30, 0]], [[540, 20, 0]])), "retreat");
  });

  it("is seen of a candidate that has all traffic, in a burst such as live had", () => {
    const judged = errorRate(afterwards(BURSTS, [...minutes(6, [600, 0, 0]), ...minutes(2, [600, 120, 0])]));
    assert.equal(judged.urgency, "hold");
    assert.match(judged.evidence, /Live blue has no traffic to compare with, and was no better for as long/);
    assert.match(judged.evidence, /in this release when it had: 219 of 2,700 requests/);
  });

  it("is none where live had no such burst, or shorter ones", () => {
    const bad = [...minutes(6, [600, 0, 0] as Minute), ...minutes(2, [600, 120, 0])];
    assert.equal(urgency(afterwards(minutes(60, CALM), bad)), "retreat");
    assert.equal(urgency(afterwards(BURSTS, [...bad, ...minutes(2, [600, 120, 0])])), "retreat");
  });

  it("is none for long where the candidate stays as bad as live's bursts were, over all", () => {
    const lengths = Array.from({ length: 20 }, (_, index) => index + 1);
    const stays = (length: number) => afterwards(BURSTS, minutes(length, [600, 48, 0]));
    const first = lengths.find((length) => urgency(stays(length)) === "retreat")!;
    assert.ok(first <= 10, `${first} minutes`);
    for (const length of lengths.slice(first)) assert.equal(urgency(stays(length)), "retreat");
  });

  it("is none by what live did before, while live has traffic and is good", () => {
    const candidate = [...tenth(BURSTS), ...minutes(10, [60, 0, 0]), ...minutes(2, [60, 18, 0])];
    assert.equal(urgency(watched(candidate, [...BURSTS, ...minutes(12, CALM)])), "retreat");
  });

  it("is none by a live colour with too few requests", () => {
    const few = minutes(20, [5, 1, 0]);
    assert.equal(urgency(afterwards(few, minutes(3, [600, 120, 0]))), "retreat");
  });
});

describe("a live colour that is idle", () => {
  const alone = minutes(30, [600, 0, 0]);

  it("has had no requests since, which is not a want of data", () => {
    const since = ago(30 + 60 * alone.length);
    assert.equal(analyse({ ...afterwards(minutes(60, CALM), alone), since }).verdict, "success");
  });

  it("still speaks for and against the candidate by what it did before", () => {
    const worse = watched([...minutes(60, [60, 2, 0]), ...alone], minutes(60, CALM));
    const { candidate, live } = worse.services[0]!;
    const looks = afterwards(minutes(60, CALM), alone).services[0]!.live!;
    assert.equal(
      analyse({ ...worse, services: [{ candidate, live: { ...live!, ...looks } }] }).urgency,
      "retreat",
    );
    assert.notEqual(analyse({ ...worse, services: [{ candidate }] }).urgency, "retreat");
  });

  it("could not be seen, where it was last seen before it became idle, or never", () => {
    const seen = afterwards(minutes(60, CALM), alone).services[0]!;
    const gone = { ...seen.live!, idleSince: ago(30) };
    const asked = { ...watched(alone), services: [{ ...seen, live: gone }] };
    assert.equal(analyse(asked).verdict, "could-not-observe");
    const never = { ...asked, services: [{ ...seen, live: { ...seen.live!, looks: [] } }] };
    assert.equal(analyse(never).verdict, "could-not-observe");
  });
});
