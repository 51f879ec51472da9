import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { compareAll } from "./criteria";
import { RULES } from "./rules";
import { runAll } from "./run";
import { BAKE_MINUTES, CRITERIA, SCENARIOS } from "./scenarios";
import { summarise } from "./summary";
import { LEGEND, tableOf, verdictOf } from "./table";

const HELP = `Usage: npm run bench:decisions -- [--canaries N] [--threads N] [--json FILE]

Replays simulated canaries through our rule and through the documented examples
of Flagger and Argo Rollouts, all on the same series and clock.

  --canaries N   canaries of each scenario, 2 to 100,000 (default: 1,000)
  --threads N    threads, 1 to 64 (default: one a core)
  --json FILE    writes all figures as JSON
  --help         shows this

Exit codes: 0 ours is not worse, 1 it is, 2 usage. A few canaries show little:
with less than a thousand, it may be 1 for want of evidence.

Example: npm run bench:decisions -- --canaries 50`;

function options() {
  try {
    const { values } = parseArgs({
      options: {
        canaries: { type: "string", default: "1000" },
        threads: { type: "string", default: String(availableParallelism()) },
        json: { type: "string" },
        help: { type: "boolean" },
      },
    });
    return {
      ...values,
      canaries: whole("--canaries", values.canaries, 2, 100_000),
      threads: whole("--threads", values.threads, 1, 64),
    };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    return undefined;
  }
}

function whole(option: string, found: string, least: number, most: number): number {
  const number = Number(found);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new Error(`${option}: found ${found}; a whole number from ${least} to ${most} is allowed`);
}

async function main(): Promise<number> {
  const chosen = options();
  if (!chosen) return 2;
  if (chosen.help) {
    console.log(HELP);
    return 0;
  }
  const { canaries, threads, json } = chosen;
  const begin = performance.now();
  const seconds = () => Math.round((performance.now() - begin) / 1_000);
  let finished = 0;
  const done = (scenario: number) => {
    finished += 1;
    console.error(`[${finished}/${SCENARIOS.length}] ${SCENARIOS[scenario]?.name} (${seconds()} s)`);
  };
  const ends = await runAll({ canaries, threads, done });
  const replayed = SCENARIOS.map((scenario, index) => ({ scenario, ends: ends[index] ?? [] }));
  const results = replayed.map(({ scenario, ends: each }) => ({
    scenario,
    summaries: RULES.map(({ name }, place) => summarise(name, place, scenario, each)),
  }));
  const comparisons = compareAll(
    RULES.map(({ name }) => name),
    replayed,
  );
  console.log(`${canaries} canaries a scenario, in ${seconds()} s; our steps bake ${BAKE_MINUTES} min each.`);
  for (const { name, source } of RULES) console.log(`${name}: ${source}`);
  console.log(`\n${LEGEND}\n`);
  for (const { scenario, summaries } of results) console.log(`${tableOf(scenario, summaries)}\n`);
  console.log(verdictOf(comparisons));
  if (json !== undefined) {
    const record = { schema: 1, canaries, bakeMinutes: BAKE_MINUTES, criteria: CRITERIA };
    const rules = RULES.map(({ name, source }) => ({ name, source }));
    await writeFile(json, `${JSON.stringify({ ...record, rules, results, comparisons }, undefined, 2)}\n`);
  }
  return comparisons.some(({ found }) => found === "fails") ? 1 : 0;
}

void main().then((code) => {
  process.exitCode = code;
});
