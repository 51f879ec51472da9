import { setMaxListeners } from "node:events";
import type { Held, World } from "../world";
import { Bindings } from "./bindings";
import { openGates } from "./gates";
import { Jobs } from "./jobs";
import type { Pace } from "./pod";
import { Pods, type Selector } from "./pods";
import { verdict } from "./readiness";
import type { PodBehaviour } from "./workload";
import { ownerOf, Workloads } from "./workloads";

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
  /** The pods that run now, those that are ending included. */
  pods(): readonly LocalPod[];
  /** Ends all pods at once and follows the world no more. */
  close(): void;
}

/** A pod as others may see it. */
export interface LocalPod {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly service: string;
  readonly colour: string;
  readonly version: string;
  /** On 127.0.0.1; 0 until it listens. */
  readonly port: number;
  readonly ready: boolean;
  readonly terminating: boolean;
  readonly restarts: number;
  /** Why it is not ready; empty when it is. */
  readonly reason: string;
}

/** How often a gate is looked at, and a wait reconsidered that no event would end, in milliseconds. */
const GATE_MS = 50;
const WAIT_MS = 500;
/** Events within this many milliseconds are looked at together. */
const TOGETHER_MS = 5;

/** Starts the controllers. `pace` shortens or stretches the kubelet's times; the default suits a rehearsal. */
export function startControllers(world: World, pace: Pace = { start: 0.05, end: 1 }): Controllers {
  return new Manager(world, pace);
}

class Manager implements Controllers {
  readonly #pods: Pods;
  readonly #workloads: Workloads;
  readonly #bindings: Bindings;
  readonly #jobs: Jobs;
  readonly #waiting = new Set<() => void>();
  #scheduled = false;
  #again: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(
    readonly world: World,
    pace: Pace,
  ) {
    this.#pods = new Pods(pace, this.#soon);
    this.#workloads = new Workloads(world, this.#pods);
    this.#bindings = new Bindings(world, this.#pods);
    this.#jobs = new Jobs(world, this.#pods);
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
    const shut = openGates(this.world, this.#pods);
    this.#workloads.reconcile();
    this.#bindings.reconcile();
    this.#jobs.reconcile();
    for (const look of [...this.#waiting]) look();
    // The load balancer calls a target healthy without an event, and deadlines pass without one.
    clearTimeout(this.#again);
    if (shut > 0) this.#again = setTimeout(this.#soon, GATE_MS);
    else if (this.#waiting.size > 0) this.#again = setTimeout(this.#soon, WAIT_MS);
  }

  ready(held: Held, timeoutSeconds: number, signal?: AbortSignal): Promise<void> {
    const name = held.id.split("/").pop()!;
    return this.#wait(timeoutSeconds, signal, () => {
      const live = this.world.get(held.type, held.id);
      if (!live) return { done: true, problem: [`'${name}' was deleted while it was waited for`] };
      const found = verdict(live, this.#pods, this.#workloads);
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
  }

  clearBehaviours(): void {
    this.#pods.clearBehaviours();
  }

  pods(): LocalPod[] {
    return this.#pods.all().map((pod) => {
      const { service, colour, version } = pod.identity;
      const { port, ready, terminating, restarts, reason } = pod;
      const { name, namespace } = pod.init;
      const { labels } = pod.spec;
      return {
        name,
        namespace,
        labels,
        service,
        colour,
        version,
        port,
        ready,
        terminating,
        restarts,
        reason,
      };
    });
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#again);
    this.world.off("changed", this.#onHeld).off("removed", this.#onHeld).off("targets", this.#soon);
    this.#jobs.close();
    this.#pods.close();
  }
}
