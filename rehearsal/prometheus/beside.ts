import { PROMETHEUS_URL } from "../../cloud/prometheus";
import { type PrometheusOptions, type PrometheusServer, startPrometheus } from "./start";

/** A Prometheus, and what a process needs in its environment to ask it. */
export interface Beside extends Partial<Pick<PrometheusServer, "stop">> {
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Starts a Prometheus beside a rehearsal. One that can do without goes on where it can't be had, and that is said.
 *
 * @throws Error where it is needed and can't be had; the signal's reason, once that aborts
 */
export async function prometheusBeside(
  { isNeeded, ...options }: PrometheusOptions & { readonly isNeeded: boolean },
  print: (line: string) => void,
): Promise<Beside> {
  try {
    const { url, stop } = await startPrometheus({ say: print, ...options });
    print(`Prometheus watches the local cluster: ${url}`);
    return { env: { [PROMETHEUS_URL]: url }, stop };
  } catch (error) {
    options.signal?.throwIfAborted();
    if (isNeeded) throw error;
    print(`Prometheus is NOT there, and nothing is judged by it: ${(error as Error).message}`);
    return { env: {} };
  }
}
