import { createHash, randomBytes } from "node:crypto";
import type { Values } from "../providers/behaviour";
import type { Held, World } from "../world";
import { desiredReplicas } from "./autoscaling";
import { gatesOf } from "./gates";
import { numberOf, objectOf, stringOf } from "./objects";
import type { Pod } from "./pod";
import type { Pods } from "./pods";
import { setStatus } from "./status";
import { DAEMON_SET, DEPLOYMENT, STATEFUL_SET } from "./tokens";

/** Where a controller stands with one Deployment, StatefulSet or DaemonSet. */
export interface Progress {
  readonly desired: number;
  /** Pods of the wanted revision. */
  readonly updated: number;
  /** Pods of any revision that are ready. */
  readonly available: number;
  /** Pods of any revision that are not ending. */
  readonly total: number;
}

/** Runs the pods of Deployments, StatefulSets and DaemonSets. */
export class Workloads {
  /** When each last came closer to what is wanted, for `progressDeadlineSeconds`. */
  readonly #progress = new Map<string, { seen: string; at: number }>();
  readonly #revisions = new WeakMap<object, string>();

  constructor(
    readonly world: World,
    readonly pods: Pods,
  ) {}

  /** One look at everything: starts and ends pods as far as each strategy allows now. */
  reconcile(): void {
    const owners = new Set<string>();
    for (const type of [DEPLOYMENT, STATEFUL_SET, DAEMON_SET]) {
      for (const held of this.world.all(type)) {
        owners.add(ownerOf(held));
        this.#roll(held);
        this.#report(held);
      }
    }
    for (const pod of this.pods.all()) {
      if (!owners.has(pod.init.owner) && !pod.terminating) void pod.terminate();
    }
  }

  progress(held: Held): Progress {
    const revision = this.#revision(held);
    const live = this.#live(held);
    return {
      desired: replicasOf(this.world, held),
      updated: live.filter((pod) => pod.init.revision === revision).length,
      available: live.filter((pod) => pod.ready).length,
      total: live.length,
    };
  }

  /** Whether it has made no progress for longer than `progressDeadlineSeconds` (Deployments only; 600). */
  stuck(held: Held): boolean {
    const last = this.#progress.get(ownerOf(held));
    const seconds = numberOf(objectOf(held.properties.spec).progressDeadlineSeconds, 600);
    return held.type === DEPLOYMENT && last !== undefined && performance.now() - last.at > seconds * 1000;
  }

  #live(held: Held): Pod[] {
    return this.pods.of(ownerOf(held)).filter((pod) => !pod.terminating);
  }

  #roll(held: Held): void {
    const desired = replicasOf(this.world, held);
    const revision = this.#revision(held);
    const live = this.#live(held);
    const [current, old] = [
      live.filter((pod) => pod.init.revision === revision),
      live.filter((pod) => pod.init.revision !== revision),
    ];
    const { surge, unavailable, recreate } = strategyOf(held, desired);
    const ending = this.pods.of(ownerOf(held)).length - live.length;
    if (recreate && old.length > 0) {
      for (const pod of old) void pod.terminate();
      return;
    }
    // A StatefulSet's pod has a name of its own, so the next one waits until that is free.
    const occupied = recreate || held.type === STATEFUL_SET ? live.length + ending : live.length;
    const start = Math.max(0, Math.min(desired - current.length, desired + surge - occupied));
    for (let i = 0; i < start; i++) this.#start(held, revision);

    let spare = live.filter((pod) => pod.ready).length - (desired - unavailable);
    for (const pod of this.#surplus(current, old, desired)) {
      if (pod.ready && spare <= 0) continue;
      if (pod.ready) spare -= 1;
      void pod.terminate();
    }
  }

  /** What may end, unready pods first: all of old revisions, and the youngest of the current beyond what is wanted. */
  #surplus(current: Pod[], old: Pod[], desired: number): Pod[] {
    const unreadyFirst = (a: Pod, b: Pod) => Number(a.ready) - Number(b.ready) || b.createdAt - a.createdAt;
    const beyond = [...current].sort(unreadyFirst).slice(0, Math.max(0, current.length - desired));
    return [...old.sort(unreadyFirst), ...beyond];
  }

  #start(held: Held, revision: string): void {
    const { name, namespace } = objectOf(held.properties.metadata);
    const template = objectOf(objectOf(held.properties.spec).template);
    const taken = new Set(this.pods.of(ownerOf(held)).map((pod) => pod.init.name));
    let ordinal = 0;
    while (taken.has(`${String(name)}-${ordinal}`)) ordinal++;
    const suffix =
      held.type === STATEFUL_SET ? `${ordinal}` : `${revision}-${randomBytes(3).toString("hex").slice(0, 5)}`;
    this.pods.start({
      name: `${String(name)}-${suffix}`,
      namespace: String(namespace),
      owner: ownerOf(held),
      revision,
      template,
      gates: gatesOf(this.world, String(namespace), template),
    });
  }

  #revision(held: Held): string {
    const template = objectOf(objectOf(held.properties.spec).template);
    const known = this.#revisions.get(template);
    if (known !== undefined) return known;
    const revision = createHash("sha1").update(JSON.stringify(template)).digest("hex").slice(0, 9);
    this.#revisions.set(template, revision);
    return revision;
  }

  #report(held: Held): void {
    const { desired, updated, available, total } = this.progress(held);
    const seen = JSON.stringify([this.#revision(held), desired, updated, available, total]);
    if (this.#progress.get(ownerOf(held))?.seen !== seen) {
      this.#progress.set(ownerOf(held), { seen, at: performance.now() });
    }
    setStatus(this.world, held, {
      observedGeneration: objectOf(held.properties.metadata).generation ?? 1,
      ...statusOf(held.type, { desired, updated, available, total }),
    });
  }
}

/** How pods name their owner. */
export const ownerOf = (held: Held): string => `${held.type} ${held.id}`;

/** The local cluster has one node, so a DaemonSet has one pod. */
const replicasOf = (world: World, held: Held): number =>
  held.type === DAEMON_SET ? 1 : desiredReplicas(world, held);

function statusOf(type: string, { desired, updated, available, total }: Progress): Values {
  if (type === DAEMON_SET) {
    return {
      currentNumberScheduled: total,
      desiredNumberScheduled: desired,
      numberAvailable: available,
      numberMisscheduled: 0,
      numberReady: available,
      updatedNumberScheduled: updated,
    };
  }
  return {
    replicas: total,
    updatedReplicas: updated,
    readyReplicas: available,
    availableReplicas: available,
    ...(type === DEPLOYMENT && { unavailableReplicas: Math.max(0, desired - available) }),
  };
}

interface Strategy {
  readonly surge: number;
  readonly unavailable: number;
  readonly recreate: boolean;
}

/** Pods beyond, and below, the wanted number during a roll. Percentages round as Kubernetes rounds them. */
function strategyOf(held: Held, desired: number): Strategy {
  const strategy = objectOf(objectOf(held.properties.spec).strategy);
  if (held.type !== DEPLOYMENT) return { surge: 0, unavailable: 1, recreate: false };
  if (stringOf(strategy.type) === "Recreate") return { surge: 0, unavailable: desired, recreate: true };
  const { maxSurge = "25%", maxUnavailable = "25%" } = objectOf(strategy.rollingUpdate);
  const surge = amount(maxSurge, desired, Math.ceil);
  const unavailable = amount(maxUnavailable, desired, Math.floor);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable, recreate: false };
}

function amount(value: unknown, of: number, round: (n: number) => number): number {
  if (typeof value === "number") return value;
  const percent = /^(\d+)%$/.exec(String(value))?.[1];
  return percent === undefined ? 0 : round((Number(percent) / 100) * of);
}
