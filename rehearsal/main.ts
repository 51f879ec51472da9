import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { MOST_SPEED } from "../cloud/clock";
import { SEEDS } from "./chance";
import { Ended, lifetime } from "./lifetime";
import { rehearse } from "./rehearse";
import { writePage } from "./report/html/write";
import { listLines } from "./report/terminal";
import { DEFAULT, SCENARIOS } from "./scenarios";

const HELP = `Usage: npm start -- [STACK] [--scenario NAME] [--speed N] [--seed N]
                      [--html FILE] [--report FILE] [--prometheus] [--keep]

Rehearses a scenario with a stack on this machine: the real program and engine,
a local cloud in place of AWS, and real requests. It needs no account.

  STACK            the stack whose file is rehearsed (default: dev)
  --scenario NAME  what is rehearsed (default: ${DEFAULT})
  --list           shows the scenarios there are
  --html FILE      writes the report as a page (default: .sluice/STACK/report.html)
  --report FILE    writes what was measured as JSON
  --speed N        a release's time passes N times faster, up to 60 (default: the
                   scenario's)
  --seed N         what is left to chance, as in an earlier rehearsal
  --prometheus     a real Prometheus watches the local cluster, and sluice asks it
  --keep           leaves the local cloud up until Ctrl-C, to use pulumi by hand
  --help           shows this

Exit codes: 0 every promise was kept, 1 one was not, 2 usage.

Example: npm start -- dev --scenario unsafe-edits --report report.json`;

/** Arguments of the command line; undefined where they are not understood, with the reason printed. */
function options() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        scenario: { type: "string", default: DEFAULT },
        list: { type: "boolean" },
        html: { type: "string" },
        report: { type: "string" },
        keep: { type: "boolean" },
        prometheus: { type: "boolean" },
        speed: { type: "string" },
        seed: { type: "string" },
        help: { type: "boolean" },
      },
    });
    const { scenario } = values;
    if (!Object.hasOwn(SCENARIOS, scenario)) {
      throw new Error(`no scenario ${scenario}; there are ${Object.keys(SCENARIOS).join(", ")}`);
    }
    if (positionals.length > 1) throw new Error(`one stack at a time; found ${positionals.join(", ")}`);
    const speed = values.speed === undefined ? undefined : Number(values.speed);
    if (speed !== undefined && !(speed >= 1 && speed <= MOST_SPEED)) {
      throw new Error(`--speed: found ${values.speed ?? ""}; allowed: a number from 1 to ${MOST_SPEED}`);
    }
    const seed = values.seed === undefined ? undefined : Number(values.seed);
    if (seed !== undefined && !(Number.isInteger(seed) && seed >= 0 && seed < SEEDS)) {
      throw new Error(`--seed: found ${values.seed ?? ""}; allowed: a whole number from 0 to ${SEEDS - 1}`);
    }
    return { ...values, speed, seed, stack: positionals[0] ?? "dev" };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${HELP}`);
    return undefined;
  }
}

async function main(): Promise<number> {
  const chosen = options();
  if (!chosen) return 2;
  if (chosen.help || chosen.list) {
    console.log(chosen.help ? HELP : listLines(SCENARIOS).join("\n"));
    return 0;
  }
  const signal = lifetime();
  const project = resolve(__dirname, "..");
  try {
    const { broken } = await rehearse({
      project,
      stack: chosen.stack,
      scenario: chosen.scenario,
      keep: chosen.keep ?? false,
      prometheus: chosen.prometheus ?? false,
      speed: chosen.speed,
      seed: chosen.seed,
      signal,
      print: (line) => console.log(line),
      output: process.stdout,
      measured: async (record) => {
        if (chosen.report) await writeFile(chosen.report, `${JSON.stringify(record, undefined, 2)}\n`);
        console.log(`report: ${await writePage(record, project, chosen.html)}`);
      },
    });
    return broken ? 1 : 0;
  } catch (error) {
    if (signal.aborted && signal.reason instanceof Ended) {
      console.error(`\nended (${signal.reason.reason}); nothing is left running`);
      return signal.reason.exitCode;
    }
    console.error(
      `\nthe rehearsal could not go on: ${error instanceof Error ? error.message : String(error)}`,
    );
    return 1;
  }
}

void main().then((code) => process.exit(code));
