import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { nowIso } from "../../../cloud/clock";
import type { Values } from "../providers/behaviour";
import type { Held } from "../world";
import { podFailurePolicy } from "./job-policy";
import type { Ended, JobPod } from "./job-pod";
import { numberOf, objectOf } from "./objects";
import type { PodInit } from "./pod";

/** What a run needs of the controller. */
export interface JobHost {
  start(init: PodInit): JobPod;
  /** Forgets a pod that has ended. */
  ended(pod: JobPod): void;
  /** Records where the Job stands. */
  report(status: Values): void;
  /** Multiplies the delay before the next try. */
  readonly pace: number;
}

/** A pod that failed. */
export interface Failure {
  readonly pod: string;
  readonly message: string;
}

/**
 * Runs one Job to its end, one pod at a time: each failure is a new pod after a growing delay, until there are as
 * many completions as asked for, more failures than `backoffLimit`, or `activeDeadlineSeconds` have passed. With
 * the restart policy OnFailure the pod keeps its name.
 */
export class JobRun {
  readonly failures: Failure[] = [];
  pod: JobPod | undefined;
  readonly #stop = new AbortController();
  readonly #startTime = now();

  constructor(
    readonly held: Held,
    readonly host: JobHost,
  ) {}

  /** Ends it with its pod, as a deletion of the Job does. */
  stop(): void {
    this.#stop.abort();
    this.pod?.destroy();
  }

  /** Never rejects. */
  async run(): Promise<void> {
    const spec = objectOf(this.held.properties.spec);
    const seconds = numberOf(spec.activeDeadlineSeconds, Infinity);
    const late = new AbortController();
    const deadline = Number.isFinite(seconds)
      ? setTimeout(() => {
          late.abort();
          this.stop();
        }, seconds * 1000)
      : undefined;
    try {
      await this.#tries(spec);
    } catch {
      if (late.signal.aborted)
        this.#failed("DeadlineExceeded", "Job was active longer than specified deadline");
    } finally {
      clearTimeout(deadline);
    }
  }

  async #tries(spec: Values): Promise<void> {
    const completions = numberOf(spec.completions, 1);
    const retries = numberOf(spec.backoffLimit, 6);
    const policy = podFailurePolicy(spec);
    let succeeded = 0;
    let failed = 0;
    while (succeeded < completions) {
      this.#report({ active: 1, succeeded, failed });
      const ended = await this.#try(spec);
      this.#stop.signal.throwIfAborted();
      if (ended.exitCode === 0) {
        succeeded += 1;
        continue;
      }
      const action = policy(ended);
      if (action === "Count") failed += 1;
      this.#counts = { succeeded, failed };
      if (action === "FailJob") {
        this.#failed("PodFailurePolicy", `${this.failures.at(-1)!.message}, which matches a rule FailJob`);
        return;
      }
      if (failed > retries) {
        this.#failed("BackoffLimitExceeded", "Job has reached the specified backoff limit");
        return;
      }
      this.#report({ active: 0, succeeded, failed });
      const delay = Math.min(10 * 2 ** Math.max(0, failed - 1), 360) * 1000 * this.host.pace;
      await sleep(delay, undefined, { signal: this.#stop.signal });
    }
    const time = now();
    this.#report({
      active: 0,
      succeeded,
      failed,
      completionTime: time,
      conditions: [{ type: "Complete", status: "True", lastTransitionTime: time }],
    });
  }

  #counts: Values = { succeeded: 0, failed: 0 };

  async #try(spec: Values): Promise<Ended> {
    const { name, namespace } = objectOf(this.held.properties.metadata);
    const template = objectOf(spec.template);
    const again = objectOf(template.spec).restartPolicy === "OnFailure" ? this.pod?.init.name : undefined;
    const pod = this.host.start({
      name: again ?? `${String(name)}-${randomBytes(3).toString("hex").slice(0, 5)}`,
      namespace: String(namespace),
      owner: `${this.held.type} ${this.held.id}`,
      revision: "",
      template,
      gates: [],
    });
    this.pod = pod;
    const ended = await pod.run();
    this.host.ended(pod);
    if (ended.exitCode !== 0) {
      this.failures.push({ pod: `${pod.init.namespace}/${pod.init.name}`, message: ended.message });
    }
    return ended;
  }

  #failed(reason: string, message: string): void {
    this.#report({
      active: 0,
      ...this.#counts,
      conditions: [{ type: "Failed", status: "True", reason, message, lastTransitionTime: now() }],
    });
  }

  #report(status: Values): void {
    this.host.report({ startTime: this.#startTime, ...status });
  }
}

const now = (): string => nowIso().replace(/\.\d+Z$/, "Z");
