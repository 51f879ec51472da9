import type { Held, World } from "../world";
import { autoscalerOf, desiredReplicas } from "./autoscaling";
import { objectOf } from "./objects";
import type { Pod } from "./pod";
import type { Pods } from "./pods";
import { type Load, type Memory, replicas, scalingOf, wanted } from "./scaling-rules";
import { setStatus } from "./status";
import { DEPLOYMENT } from "./tokens";
import { ownerOf } from "./workloads";

/** How often Kubernetes' autoscalers look, in seconds. */
const PERIOD = 15;

/** How much faster than Kubernetes' they are in a rehearsal, where a release takes minutes. */
const SCALE = 0.1;

/**
 * What a request uses of a processor, in milliseconds: so a pod that asks for half of one is at 100 % with 833
 * requests a second. It is stated, not measured: all pods share a process here.
 */
const CPU_MS = 0.6;

/** What is remembered of one autoscaler's looks, in seconds: the longest window that Kubernetes permits. */
const REMEMBERED = 3_600;

/** Autoscalers at work: they follow the requests that pods serve, by Kubernetes' rules. */
export class Autoscalers {
  readonly #timer: NodeJS.Timeout;
  readonly #memories = new WeakMap<Held, Memory>();
  /** By pod, requests that it had served at the last look. */
  #served = new WeakMap<Pod, number>();
  #last = performance.now();

  /** @param scale multiplies their period and windows */
  constructor(
    readonly world: World,
    readonly pods: Pods,
    readonly scale = SCALE,
  ) {
    this.#timer = setInterval(() => this.#look(), PERIOD * 1_000 * scale).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const at = performance.now();
    const elapsed = (at - this.#last) / 1_000;
    this.#last = at;
    for (const deployment of this.world.all(DEPLOYMENT)) {
      const autoscaler = autoscalerOf(this.world, deployment);
      const current = desiredReplicas(this.world, deployment);
      if (autoscaler && current > 0) this.#scale(deployment, autoscaler, current, elapsed);
    }
    this.#served = new WeakMap(this.pods.all().map((pod) => [pod, pod.served]));
  }

  #scale(deployment: Held, autoscaler: Held, current: number, elapsed: number): void {
    const scaling = scalingOf(objectOf(autoscaler.properties.spec));
    const now = this.#last / 1_000 / this.scale;
    const load = this.#load(deployment, elapsed);
    const before = this.#memories.get(autoscaler) ?? { wanted: [], changed: [] };
    const recent = <Kind extends { at: number }>(all: readonly Kind[]) =>
      all.filter((one) => one.at > now - REMEMBERED);
    const looked = [...recent(before.wanted), { at: now, pods: wanted(scaling.target, current, load) }];
    const desired = replicas(scaling, current, { ...before, wanted: looked }, now);
    const changed = desired === current ? [] : [{ at: now, by: desired - current }];
    this.#memories.set(autoscaler, { wanted: looked, changed: [...recent(before.changed), ...changed] });
    setStatus(this.world, autoscaler, { currentReplicas: current, desiredReplicas: desired });
  }

  #load(deployment: Held, elapsed: number): Load {
    const live = this.pods.of(ownerOf(deployment)).filter((pod) => !pod.terminating);
    const ready = live.filter((pod) => pod.ready);
    const used = ready.map((pod) => {
      const rate = (pod.served - (this.#served.get(pod) ?? 0)) / elapsed;
      const { processors } = pod.spec;
      return processors > 0 ? (100 * rate * (pod.behaviour.cpuMs ?? CPU_MS)) / 1_000 / processors : undefined;
    });
    // Without knowing what a pod asks for Kubernetes cannot say what it uses of it.
    return used.includes(undefined)
      ? { used: [], unready: 0 }
      : { used: used.filter((one) => one !== undefined), unready: live.length - ready.length };
  }
}
