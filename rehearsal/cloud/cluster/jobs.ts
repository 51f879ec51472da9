import { setTimeout as sleep } from "node:timers/promises";
import type { DiffResult, Values } from "../providers/behaviour";
import type { Held, World } from "../world";
import { isTrue } from "./diff";
import { labelsOf, numberOf, objectOf } from "./objects";
import type { Pods } from "./pods";
import { setStatus } from "./status";
import { JOB } from "./tokens";

/** Runs Jobs: each pod takes a short time and succeeds, unless it was told to fail. */
export class Jobs {
  /** The uids of the Jobs that were started, so that one runs once. */
  readonly #started = new Set<unknown>();
  readonly #stop = new AbortController();

  constructor(
    readonly world: World,
    readonly pods: Pods,
  ) {}

  reconcile(): void {
    for (const held of this.world.all(JOB)) {
      const { uid } = objectOf(held.properties.metadata);
      if (this.#started.has(uid) || objectOf(held.properties.spec).suspend === true) continue;
      this.#started.add(uid);
      void this.#run(held, uid).catch(() => undefined);
    }
  }

  close(): void {
    this.#stop.abort();
  }

  async #run(held: Held, uid: unknown): Promise<void> {
    const spec = objectOf(held.properties.spec);
    const labels = labelsOf(objectOf(objectOf(spec.template).metadata).labels);
    const completions = numberOf(spec.completions, 1);
    const retries = numberOf(spec.backoffLimit, 6);
    const startTime = now();
    let succeeded = 0;
    let failed = 0;
    const report = (more: Values) => {
      const live = this.world.get(JOB, held.id);
      if (!live || objectOf(live.properties.metadata).uid !== uid) return false;
      setStatus(this.world, live, { startTime, succeeded, failed, ...more });
      return true;
    };
    while (succeeded < completions && failed <= retries) {
      if (!report({ active: 1 })) return;
      const { runMs = 50, fail = false } = this.pods.behaviourOf(labels);
      await sleep(runMs, undefined, { signal: this.#stop.signal });
      if (fail) failed += 1;
      else succeeded += 1;
    }
    const done = succeeded >= completions;
    const condition: Values = done
      ? { type: "Complete", status: "True", lastTransitionTime: now() }
      : {
          type: "Failed",
          status: "True",
          reason: "BackoffLimitExceeded",
          message: "Job has reached the specified backoff limit",
          lastTransitionTime: now(),
        };
    report({ active: 0, conditions: [condition], ...(done && { completionTime: now() }) });
  }
}

const now = (): string => new Date().toISOString().replace(/\.\d+Z$/, "Z");

/** How a Job ended: undefined while it runs. */
export function outcome(job: Held): { readonly complete: boolean; readonly message: string } | undefined {
  const { conditions } = objectOf(job.properties.status);
  if (!Array.isArray(conditions)) return undefined;
  for (const { type, message } of conditions.map(objectOf)) {
    if (type === "Complete") return { complete: true, message: "" };
    if (type === "Failed") return { complete: false, message: String(message) };
  }
  return undefined;
}

/** With `pulumi.com/replaceUnready: "true"` a Job that has failed is replaced instead of waited for again. */
export function replaceFailedJob(live: Held | undefined, news: Values, result: DiffResult): DiffResult {
  const asked = isTrue(objectOf(objectOf(news.metadata).annotations)["pulumi.com/replaceUnready"]);
  if (live?.type !== JOB || !asked || outcome(live)?.complete !== false) return result;
  return {
    changes: [...result.changes, { path: "status", kind: "update", replace: true }],
    deleteBeforeReplace: true,
  };
}
