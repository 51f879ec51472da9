import { setMaxListeners } from "node:events";
import type { Chance } from "../../chance";
import type { Held, World } from "../world";
import { Autoscalers } from "./autoscalers";
import { Bindings } from "./bindings";
import { ExternalSecrets } from "./external-secrets/controller";
import { openGates } from "./gates";
import { Jobs } from "./jobs";
import { kubelet } from "./kubelet";
import { localJobPod, localPod, type LocalPod } from "./local-pod";
import type { Pace } from "./pod";
import { Pods, type Selector } from "./pods";
import { verdict } from "./readiness";
import { SecretHistory } from "./secret-history";
import type { PodBehaviour } from "./workload";
import { ownerOf, Workloads } from "./workloads";

export type { LocalPod } from "./local-pod";

/** The controllers of the local cluster, at work. */
export interface Controllers {
  /**
   * Waits until Pulumi would call the object ready: a Deployment's pods are available, a Job is complete, a
   * Service has an endpoint. Other kinds are ready at once.
   *
   * @throws Error with a line for each reason, as Pulumi's awaiter words it; also when the signal aborts
   */
  ready(held: Held, timeoutSeconds: number, signal?: AbortSignal): Promise<void>;
  /**
   * Waits until nothing is left of an object that was removed: its pods have ended.
   *
   * @throws Error with the pods that are left after the time
   */
  gone(held: Held, timeoutSeconds: number, signal?: AbortSignal): Promise<void>;
  /** Changes how pods with these labels behave, present and future ones; an empty selector means all. */
  setBehaviour(selector: Selector, behaviour: PodBehaviour): void;
  clearBehaviours(): void;
  /** The pods that run now, those that are ending and those of Jobs included. */
  pods(): readonly LocalPod[];
  /**
   * Ends a pod: at once, as a lost node does, or as `kubectl delete pod`, so that its hooks and its grace count.
   *
   * @throws Error where there is no pod of this name
   */
  destroyPod(name: string, gracefully?: boolean): void;
  /** Ends all pods at once and follows the world no more. */
  close(): void;
}

/** How often a gate is looked at, and a wait reconsidered that no event would end, in milliseconds. */
const GATE_MS = 50;
const WAIT_MS = 500;
/** How long a kubelet takes to renew a mounted Secret: a period of its sync loop, in milliseconds. */
const KUBELET_SYNC_MS = 60_000;
/** Events within this many milliseconds are looked at together. */
const TOGETHER_MS = 5;

/**
 * Starts the controllers.
 *
 * @param pace shortens or stretches the kubelet's times; the default suits a rehearsal
 * @param chance decides which requests fail, where some do
 */
export function startControllers(
  world: World,
  pace: Pace = { start: 0.05, end: 1 },
  chance: Chance = Math.random,
): Controllers {
  return new Manager(world, pace, chance);
}

class Manager implements Controllers {
  readonly #history: SecretHistory;
  readonly #externalSecrets: ExternalSecrets;
  readonly #pods: Pods;
  readonly #workloads: Workloads;
  readonly #bindings: Bindings;
  readonly #jobs: Jobs;
  readonly #autoscalers: Autoscalers;
  readonly #waiting = new Set<() => void>();
  #scheduled = false;
  #again: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(
    readonly world: World,
    pace: Pace,
    chance: Chance,
  ) {
    const sync = pace.sync ?? pace.start;
    this.#history = new SecretHistory(world, KUBELET_SYNC_MS * sync);
    const node = kubelet(world, this.#history, chance);
    this.#pods = new Pods(pace, node, this.#soon);
    this.#externalSecrets = new ExternalSecrets(world, sync);
    this.#workloads = new Workloads(world, this.#pods);
    this.#bindings = new Bindings(world, this.#pods);
    this.#jobs = new Jobs(world, this.#pods, node, this.#soon);
    this.#autoscalers = new Autoscalers(world, this.#pods, pace.scale);
    world.on("changed", this.#onHeld).on("removed", this.#onHeld).on("targets", this.#soon);
    this.#soon();
  }

  /** Only clusters' objects, and the target groups that they are bound to, concern the controllers. */
  readonly #onHeld = (held: Held): void => {
    if (held.type.startsWith("kubernetes:") || held.type.startsWith("aws:lb/targetGroup:")) this.#soon();
  };

  /** Many events, one look: the engine creates dozens of objects at a time. */
  readonly #soon = (): void => {
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = true;
    setTimeout(() => {
      this.#scheduled = false;
      if (!this.#closed) this.#reconcile();
    }, TOGETHER_MS);
  };

  #reconcile(): void {
    const refresh = this.#externalSecrets.reconcile();
    const shut = openGates(this.world, this.#pods);
    this.#workloads.reconcile();
    this.#bindings.reconcile();
    this.#jobs.reconcile();
    for (const look of [...this.#waiting]) look();
    // The load balancer calls a target healthy without an event, and deadlines pass without one.
    clearTimeout(this.#again);
    const next = Math.min(
      shut > 0 ? GATE_MS : Infinity,
      this.#waiting.size > 0 ? WAIT_MS : Infinity,
      refresh ?? Infinity,
    );
    if (Number.isFinite(next)) this.#again = setTimeout(this.#soon, next);
  }

  ready(held: Held, timeoutSeconds: number, signal?: AbortSignal): Promise<void> {
    const name = held.id.split("/").pop()!;
    return this.#wait(timeoutSeconds, signal, () => {
      const live = this.world.get(held.type, held.id);
      if (!live) return { done: true, problem: [`'${name}' was deleted while it was waited for`] };
      const found = verdict(live, this.#pods, this.#workloads, this.#jobs);
      if (found.state === "ready") return { done: true };
      const headline =
        found.state === "failed"
          ? `'${name}' failed to become ready`
          : `'${name}' timed out waiting to be Ready`;
      return { done: found.state === "failed", problem: [headline, ...found.reasons] };
    });
  }

  gone(held: Held, timeoutSeconds: number, signal?: AbortSignal): Promise<void> {
    return this.#wait(timeoutSeconds, signal, () => {
      const left = this.#pods.of(ownerOf(held)).map((pod) => pod.init.name);
      if (left.length === 0) return { done: true };
      return {
        done: false,
        problem: [`timed out waiting for ${held.id} to be deleted; still there: ${left.join(", ")}`],
      };
    });
  }

  /** Looks after every reconciliation until done; what the last look found is the error when time is up. */
  #wait(
    timeoutSeconds: number,
    signal: AbortSignal | undefined,
    check: () => { done: boolean; problem?: string[] },
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      let last: string[] = [];
      const end = (problem?: string[]): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", cancel);
        this.#waiting.delete(look);
        if (problem) reject(new Error(problem.join("\n")));
        else resolve();
      };
      const look = (): void => {
        const { done, problem } = check();
        last = problem ?? [];
        if (done) end(problem);
      };
      const cancel = (): void => end(["the operation was cancelled while it was waiting", ...last.slice(1)]);
      const timer = setTimeout(() => end(last), timeoutSeconds * 1000);
      this.#waiting.add(look);
      if (signal) {
        // Everything that waits on one connection of the engine's shares its signal.
        setMaxListeners(0, signal);
        signal.addEventListener("abort", cancel);
        if (signal.aborted) cancel();
      }
      this.#soon();
    });
  }

  setBehaviour(selector: Selector, behaviour: PodBehaviour): void {
    this.#pods.setBehaviour(selector, behaviour);
    this.#jobs.behave();
  }

  clearBehaviours(): void {
    this.#pods.clearBehaviours();
    this.#jobs.behave();
  }

  pods(): LocalPod[] {
    return [...this.#pods.all().map(localPod), ...this.#jobs.all().map(localJobPod)];
  }

  destroyPod(name: string, gracefully = false): void {
    const found = [...this.#pods.all(), ...this.#jobs.all()].find((pod) => pod.init.name === name);
    if (!found)
      throw new Error(
        `there is no pod ${name}; there are: ${this.pods()
          .map((pod) => pod.name)
          .join(", ")}`,
      );
    if (gracefully && "terminate" in found) void found.terminate();
    else found.destroy();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#again);
    this.world.off("changed", this.#onHeld).off("removed", this.#onHeld).off("targets", this.#soon);
    this.#history.close();
    this.#autoscalers.close();
    this.#jobs.close();
    this.#pods.close();
  }
}
