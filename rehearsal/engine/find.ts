import { builtBefore, buildEngine } from "./build";
import { MINIMUM_VERSION, type Engine, type Source } from "./engine";
import { installedBefore, installEngine } from "./install";
import { engineOnPath } from "./path";
import { progressOn, type Progress } from "./progress";

export type { Engine, Source } from "./engine";

/** A way to come by an engine. */
export interface Way {
  source: Source;
  /** What it does, as the error that lists all ways says it. */
  what: string;
  /** The engine that this way needs no work for, if there is one. */
  ready(search: Search): Promise<Engine | undefined>;
  /** Fetches or makes one. Absent where there is nothing that could be fetched or made. */
  obtain?(search: Search): Promise<Engine>;
}

/** What a search works with. */
export interface Search {
  environment: NodeJS.ProcessEnv;
  progress: Progress;
  signal?: AbortSignal;
}

const WAYS: readonly Way[] = [
  { source: "path", what: "looked on PATH", ready: ({ environment }) => engineOnPath(environment) },
  {
    source: "installed",
    what: "ran Pulumi's installer",
    ready: ({ environment }) => installedBefore(environment),
    obtain: installEngine,
  },
  {
    source: "built",
    what: "built it from its Go module",
    ready: ({ environment }) => builtBefore(environment),
    obtain: buildEngine,
  },
];

/**
 * Finds an engine: `pulumi` on PATH; else the one that Pulumi's installer put into the user's cache, or that was built
 * there from the Go module; else runs the installer; else builds. What exists is taken before anything is fetched, so
 * that only the first search on a machine takes long.
 *
 * The environment variable SLUICE_ENGINE narrows the search to one way: `path`, `installed` or `built`. Progress goes
 * to standard error. `signal` ends the search and everything that it started.
 *
 * Throws one Error that lists what was tried, why each way failed, and what to install.
 */
export async function findEngine({
  environment = process.env,
  progress = progressOn(),
  signal,
  ways = WAYS,
}: Partial<Search> & { ways?: readonly Way[] } = {}): Promise<Engine> {
  const search = { environment, progress, signal };
  const chosen = narrowed(ways, environment.SLUICE_ENGINE);
  const failures = new Map<Way, string>();
  for (const step of ["ready", "obtain"] as const) {
    for (const way of chosen) {
      signal?.throwIfAborted();
      try {
        const engine = await way[step]?.(search);
        if (engine !== undefined) return engine;
      } catch (error) {
        signal?.throwIfAborted();
        failures.set(way, (error as Error).message);
      }
    }
  }
  throw new Error(report(chosen, failures));
}

function narrowed(ways: readonly Way[], source: string | undefined): readonly Way[] {
  if (source === undefined || source === "") return ways;
  const chosen = ways.filter((way) => way.source === source);
  if (chosen.length > 0) return chosen;
  const allowed = ways.map((way) => way.source).join(", ");
  throw new Error(`SLUICE_ENGINE is "${source}": it must be one of ${allowed}, or unset to try each in turn`);
}

function report(ways: readonly Way[], failures: ReadonlyMap<Way, string>): string {
  const lines = ways.map((way) => {
    const [first = "found none", ...more] = (failures.get(way) ?? "").split("\n").filter(Boolean);
    return [`  - ${way.what}: ${first}`, ...more.map((line) => `      ${line}`)].join("\n");
  });
  return [
    "No Pulumi engine could be had:",
    ...lines,
    `Install Pulumi ${MINIMUM_VERSION} or later (https://www.pulumi.com/docs/install/), or where downloads are blocked`,
    "Go 1.25 or later (https://go.dev/dl/) and run this again: the engine is then built once, in about five minutes.",
  ].join("\n");
}
