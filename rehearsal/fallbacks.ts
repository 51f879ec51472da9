import { FAMILIES } from "../model/monitoring/families";
import type { Colour } from "../model/release";
import { callControl } from "./cloud/control";
import type { LocalPod } from "./cloud/cluster/local-pod";

/** How often one provider of models took over from another. */
export interface Fallback {
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

/** Of a step in which a provider had to be stood in for: by whom, and how often it was. */
export interface FallbackRecord {
  readonly expected: Pick<Fallback, "from" | "to">;
  readonly found: readonly Fallback[];
}

const LINE = new RegExp(`^${FAMILIES.providerFallbacks.name}\\{([^}]*)\\} (\\d+)`);

/**
 * How often a colour's pods had to ask another provider, by what they export themselves.
 *
 * @param endpoint the local cloud's URL
 * @throws Error where the cloud or a pod does not answer
 */
export async function askFallbacks(endpoint: string, colour: Colour): Promise<Fallback[]> {
  const pods = (await callControl(endpoint, { method: "GET", path: "pods" })) as LocalPod[];
  const texts = await Promise.all(
    pods
      .filter((pod) => pod.colour === colour && pod.ready)
      .map(async ({ port }) => (await fetch(`http://127.0.0.1:${port}/metrics`)).text()),
  );
  return fallbacksIn(texts.join("\n"));
}

/** The fallbacks in expositions of any number of pods, added up. */
export function fallbacksIn(exposition: string): Fallback[] {
  const found = new Map<string, Fallback>();
  for (const line of exposition.split("\n")) {
    const [, labels, figure] = LINE.exec(line) ?? [];
    if (labels === undefined) continue;
    const label = (name: string) => new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(labels)?.[1] ?? "";
    const [from, to] = [label("from"), label("to")];
    const count = (found.get(`${from} ${to}`)?.count ?? 0) + Number(figure);
    found.set(`${from} ${to}`, { from, to, count });
  }
  return [...found.values()];
}

/** What was counted between two looks. */
export const fallbacksSince = (before: readonly Fallback[], after: readonly Fallback[]): Fallback[] =>
  after
    .map(({ from, to, count }) => {
      const known = before.find((one) => one.from === from && one.to === to);
      return { from, to, count: count - (known?.count ?? 0) };
    })
    .filter(({ count }) => count > 0);
