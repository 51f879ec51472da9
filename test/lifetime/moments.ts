import type { Listed } from "./processTable";
import type { Run } from "./run";

/**
 * What can be killed, by its command line; npm is known by its number. `node` is the rehearsal itself, `constructs`
 * the process that serves awsx and eks, `host` the engine's language host.
 */
export const VICTIMS = {
  node: /^\S*node .* rehearsal\/main\.ts\b/,
  cloud: /\/rehearsal\/cloud\/main\.ts\b/,
  constructs: /\/rehearsal\/cloud\/constructs\/main\.ts\b/,
  engine: /^\S*\/pulumi up\b/,
  host: /\/pulumi-language-nodejs\b/,
} as const;

export type Victim = "npm" | keyof typeof VICTIMS;

const PROGRAM = /@pulumi\/pulumi\/cmd\/run\b(?!-)/;
const ENGINE = /^\S*\/pulumi /;

/** Longer than a first deployment takes on a busy machine, in seconds. */
const PATIENCE = 120;

/** Points of a rehearsal of dev at which something may be killed: each waits until it is there. */
export const MOMENTS = {
  /** Its process is there and has not answered yet. */
  "the cloud is starting": async (run: Run) => {
    await run.until("the cloud's processes", PATIENCE, () => run.find(VICTIMS.constructs));
  },
  /** The program runs, and so resources are being made. */
  "the first deployment is under way": async (run: Run) => {
    await run.until("the program", PATIENCE, () => run.find(PROGRAM));
    await elapsed(run, 1.5);
  },
  /** The first deployment is done, and its traffic is being counted. */
  "no engine runs, between two steps": async (run: Run) => {
    await run.until("the first update", PATIENCE, () => run.find(VICTIMS.engine));
    await run.until("the first update's end", PATIENCE, () => !run.find(ENGINE));
  },
  /** Rules change under traffic: two deployments and an edit that is refused come before. */
  "a shift is under way": async (run: Run) => {
    await run.until("the refused edit", 2 * PATIENCE, () => /^3\/\d+ refused /m.test(run.output));
    await run.until("the program", PATIENCE, () => run.find(PROGRAM));
    await elapsed(run, 1);
  },
} satisfies Record<string, (run: Run) => Promise<void>>;

export type Moment = keyof typeof MOMENTS;

async function elapsed(run: Run, seconds: number): Promise<void> {
  const end = performance.now() + 1000 * seconds;
  await run.until(`${seconds} s more`, seconds + 1, () => performance.now() >= end);
}

/** The process of a victim. @throws Error where the run has none */
export function victimOf(run: Run, victim: Victim): Pick<Listed, "pid"> {
  const found = victim === "npm" ? run : run.find(VICTIMS[victim]);
  if (!found) throw new Error(`there is no ${victim}. npm start printed:\n${run.output}`);
  return found;
}
