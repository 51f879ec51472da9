import { once } from "node:events";
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { Ends, Part } from "./part";
import { SCENARIOS } from "./scenarios";

/** Canaries that a thread is given at once. */
const PART = 25;

/** What is to be run. */
export interface Asked {
  /** Canaries of each scenario. */
  readonly canaries: number;
  readonly threads: number;
  /** Called when all of a scenario's are done. */
  readonly done: (scenario: number) => void;
}

/**
 * Replays all scenarios, in threads; the result is the same for any number of them.
 *
 * @returns by scenario, each canary's ends
 */
export async function runAll({ canaries, threads, done }: Asked): Promise<Ends[][]> {
  const parts = SCENARIOS.flatMap((_, scenario) => partsOf(scenario, canaries));
  const ends = SCENARIOS.map(() => new Map<number, Ends[]>());
  const work = async () => {
    const worker = new Worker(path.join(__dirname, "worker.ts"));
    try {
      for (let part = parts.shift(); part; part = parts.shift()) {
        worker.postMessage(part);
        const [found] = (await once(worker, "message")) as [Ends[]];
        const mine = ends[part.scenario]?.set(part.from, found);
        if (mine?.size === Math.ceil(canaries / PART)) done(part.scenario);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: threads }, work));
  return ends.map((found) => [...found].sort(([one], [other]) => one - other).flatMap(([, each]) => each));
}

const partsOf = (scenario: number, canaries: number): Part[] =>
  Array.from({ length: Math.ceil(canaries / PART) }, (_, index) => ({
    scenario,
    from: index * PART,
    to: Math.min(canaries, (index + 1) * PART),
  }));
