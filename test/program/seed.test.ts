import assert from "node:assert/strict";
import type { Record1 } from "../../rehearsal/report/record";
import { PATIENCE } from "./fixture";
import { type Rehearsed, rehearsed } from "./rehearsed";

const SEED = 20_260_301;

/** What was decided, in its order: by each step's edit, by whoever refused one, and by the program itself. */
const decisionsOf = ({ steps, events = [] }: Record1): string[][] => [
  ...steps.map(({ name, kind, live, traffic, refusals = [], calls = [] }) => [
    ...[name, kind, live, String(traffic.green)],
    ...refusals.map(({ layer, rule }) => `${layer} ${rule ?? ""}`),
    ...calls.map(({ command, code }) => `${command}: ${code ?? "killed"}`),
  ]),
  // How often it is told that there is something to wait for depends on how fast the machine is.
  events.flatMap(({ kind, text, colour }) => {
    const what = text.split(/[,:] /).slice(0, 2).join(": ");
    return kind === "decision" && what.endsWith("hold") ? [] : [`${kind} ${what} ${colour ?? ""}`];
  }),
];

describe("a rehearsal with the same seed", function () {
  this.timeout(8 * PATIENCE);
  const runs: Rehearsed[] = [];

  before(async () => {
    for (let run = 0; run < 2; run += 1)
      runs.push(await rehearsed("--scenario", "bad-at-25", "--seed", String(SEED)));
  });

  it("takes the same decisions in the same order", () => {
    const [one, other] = runs.map(({ record }) => decisionsOf(record));
    assert.deepEqual(other, one);
    const decided = one?.at(-1)?.filter((what) => what.startsWith("decision")) ?? [];
    assert.ok(decided.length >= 2, `rises and a retreat, found ${decided.join("; ")}`);
  });

  it("tells the seed, by which it can be had again", () => {
    assert.deepEqual(
      runs.map(({ record }) => record.seed),
      [SEED, SEED],
    );
  });
});
