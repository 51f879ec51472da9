import assert from "node:assert/strict";
import { greenAt } from "../../model/release";
import { DECIDED_WITHIN } from "../../rehearsal/report/promises";
import type { Record1 } from "../../rehearsal/report/record";
import { PATIENCE } from "../program/fixture";
import { type Rehearsed, rehearsed } from "./rehearsed";

const SEED = 20_260_301;

/** What was decided, in its order: by each step's edit, by whoever refused one, and by the program itself. */
const decisionsOf = ({ steps, events = [] }: Record1): string[][] => [
  ...steps.map(({ name, kind, live, traffic, refusals = [], calls = [] }) => [
    ...[name, kind, live, String(traffic.green)],
    ...refusals.map(({ layer, rule }) => `${layer} ${rule ?? ""}`),
    ...calls.map(({ command, code }) => `${command}: ${code ?? "killed"}`),
  ]),
  // How often it is told that there is something to wait for, or that nothing ran, depends on the machine.
  events.flatMap(({ kind, text, colour }) => {
    const what = text.split(/[,:] /).slice(0, 2).join(": ");
    return kind === "standstill" || (kind === "decision" && what.endsWith("hold"))
      ? []
      : [`${kind} ${what} ${colour ?? ""}`];
  }),
];

describe("npm start -- --scenario bad-at-25 --seed …", function () {
  this.timeout(4 * PATIENCE);
  const rehearse = () => rehearsed("--scenario", "bad-at-25", "--seed", String(SEED));
  let run: Rehearsed;

  before(async () => {
    run = await rehearse();
  });

  it("ends with 0, for every promise was kept: the program noticed in time, and took all traffic back", () => {
    assert.equal(run.ended, 0, run.printed);
    const last = run.record.steps.at(-1);
    assert.deepEqual([last?.kind, last?.live, last?.traffic], ["fault", "blue", greenAt(0)]);
    const { decided = Infinity, signal } = last?.reaction ?? { signal: 0 };
    assert.ok(decided - signal < DECIDED_WITHIN, JSON.stringify(last?.reaction));
  });

  it("breaks the candidate at 25 % and not before, and nobody but it", () => {
    const { events = [], samples = [], steps } = run.record;
    const fault = events.find(({ kind }) => kind === "fault");
    assert.ok(fault);
    // A sample has the shares with which it began.
    const then = samples.find(({ seconds, lasted }) => seconds - lasted > fault.seconds);
    assert.equal(then?.configured?.green, 25);
    const failedBefore = samples
      .filter(({ seconds }) => seconds <= fault.seconds)
      .reduce((total, { failed }) => total + failed.blue + failed.green + failed.unknown, 0);
    assert.equal(failedBefore, 0);
    assert.equal(steps.at(-1)?.failed.blue, 0);
  });

  it("tells what users had to bear, and on which evidence it was decided", () => {
    const { exposure, events = [] } = run.record;
    assert.ok(exposure && exposure.failed > 0 && (exposure.moved ?? 0) > 0, JSON.stringify(exposure));
    const kinds = events.flatMap(({ kind, text }) => (kind === "decision" ? [text.split(",")[0]] : []));
    for (const kind of ["shift", "retreat"]) assert.ok(kinds.includes(`sluice run: ${kind}`), kinds.join());
    const [retreat] = events.filter(({ text }) => text.startsWith("sluice run: retreat"));
    assert.match(retreat?.text ?? "", /green: .* failed in the last .*; the limit is 5 %/);
  });

  it("tells what each update changed: every rise, and the way back", () => {
    const { resources = [] } = run.record.steps.at(-1) ?? {};
    const weights = resources
      .filter(({ name }) => name === "api-gateway-weighted")
      .flatMap(({ properties }) => properties.filter(({ path }) => path.endsWith("targetGroups[1].weight")));
    assert.deepEqual(
      weights.map(({ from, to }) => `${from} to ${to}`),
      ["0 to 10", "10 to 25", "25 to 0"],
    );
  });

  it("takes the same decisions in the same order once more, and tells the seed by which it can be had again", async () => {
    const [one, other] = [run, await rehearse()].map(({ record }) => decisionsOf(record));
    assert.deepEqual(other, one);
    const decided = one?.at(-1)?.filter((what) => what.startsWith("decision")) ?? [];
    assert.ok(decided.length >= 2, `rises and a retreat, found ${decided.join("; ")}`);
    assert.equal(run.record.seed, SEED);
  });
});
