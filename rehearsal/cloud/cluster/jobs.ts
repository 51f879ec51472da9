import type { DiffResult, Values } from "../providers/behaviour";
import type { Held, World } from "../world";
import { isTrue } from "./diff";
import { JobPod } from "./job-pod";
import { JobRun } from "./job-run";
import type { Kubelet } from "./kubelet";
import { labelsOf, objectOf } from "./objects";
import type { Pods } from "./pods";
import { setStatus } from "./status";
import { JOB } from "./tokens";

/** Runs Jobs. CronJobs are accepted and never due: a rehearsal is over before most schedules. */
export class Jobs {
  /** By the Jobs' uids, so that one runs once. */
  readonly #runs = new Map<unknown, JobRun>();
  readonly #pods = new Set<JobPod>();

  constructor(
    readonly world: World,
    readonly pods: Pods,
    readonly kubelet: Kubelet,
    readonly changed: () => void,
  ) {}

  reconcile(): void {
    const live = new Set<unknown>();
    for (const held of this.world.all(JOB)) {
      const { uid } = objectOf(held.properties.metadata);
      live.add(uid);
      const over = outcome(held) !== undefined;
      if (over || this.#runs.has(uid) || objectOf(held.properties.spec).suspend === true) continue;
      const run = new JobRun(held, this.#host(held, uid));
      this.#runs.set(uid, run);
      void run.run();
    }
    for (const [uid, run] of this.#runs) {
      if (live.has(uid)) continue;
      this.#runs.delete(uid);
      run.stop();
    }
  }

  /** The pods that run now. */
  all(): JobPod[] {
    return [...this.#pods];
  }

  /** Gives the pods the behaviour that was last set for their labels. */
  behave(): void {
    for (const pod of this.#pods) pod.behave(this.pods.behaviourOf(pod.labels));
  }

  /** What Pulumi tells of a Job's pods: how each failed, or why the one that runs does not start. */
  reasons(held: Held): string[] {
    const run = this.#runs.get(objectOf(held.properties.metadata).uid);
    const running = run?.pod && this.#pods.has(run.pod) ? run.pod : undefined;
    const waiting = running && running.reason !== "Running" ? running : undefined;
    return [
      ...(run?.failures ?? []).map(({ pod, message }) => `[Pod ${pod}]: ${message}`),
      ...(waiting ? [`[Pod ${waiting.init.namespace}/${waiting.init.name}]: ${waiting.reason}`] : []),
    ];
  }

  close(): void {
    for (const run of this.#runs.values()) run.stop();
  }

  #host(held: Held, uid: unknown) {
    return {
      pace: this.pods.pace.start,
      start: (init: JobPod["init"]): JobPod => {
        const behaviour = this.pods.behaviourOf(labels(init.template));
        const pod = new JobPod(init, this.pods.pace, this.kubelet, behaviour, this.changed);
        this.#pods.add(pod);
        return pod;
      },
      ended: (pod: JobPod) => void this.#pods.delete(pod),
      report: (status: Values) => {
        const live = this.world.get(JOB, held.id);
        if (live && objectOf(live.properties.metadata).uid === uid) setStatus(this.world, live, status);
      },
    };
  }
}

const labels = (template: Values) => labelsOf(objectOf(template.metadata).labels);

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
