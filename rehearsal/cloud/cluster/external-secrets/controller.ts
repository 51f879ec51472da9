import { nowIso } from "../../../../cloud/clock";
import type { Values } from "../../providers/behaviour";
import type { Held, World } from "../../world";
import { RELEASE } from "../kinds";
import { objectOf, stringOf } from "../objects";
import { setStatus } from "../status";
import { CLUSTER_SECRET_STORE, EXTERNAL_SECRET, SECRET, SECRET_STORE } from "../tokens";
import { secondsOf } from "./interval";
import { contentOf } from "./render";
import { storeProblem } from "./store";
import { dropTarget, writeTarget } from "./target";

/** After a failure it tries again this much later, in milliseconds, before the pace. */
const RETRY_MS = 5_000;

/** What was done of an ExternalSecret. */
interface Done {
  readonly generation: unknown;
  /** When it is due again; milliseconds of the process's clock, never where it is not to be refreshed. */
  readonly due: number;
  readonly target: string;
  readonly held: Held;
}

/**
 * Does the External Secrets Operator's work for Secrets Manager, as long as its Helm release is installed: writes
 * Secrets from secrets, again at each refresh interval, which `pace` shortens.
 */
export class ExternalSecrets {
  readonly #done = new Map<string, Done>();

  constructor(
    readonly world: World,
    readonly pace: number,
  ) {}

  /** One look at everything. Gives the milliseconds until the next is due; undefined where none is. */
  reconcile(): number | undefined {
    if (!this.#installed()) return undefined;
    for (const store of [...this.world.all(SECRET_STORE), ...this.world.all(CLUSTER_SECRET_STORE)]) {
      this.#validate(store);
    }
    const live = new Set<unknown>();
    for (const held of this.world.all(EXTERNAL_SECRET)) {
      const { uid, generation } = objectOf(held.properties.metadata);
      live.add(uid);
      const done = this.#done.get(String(uid));
      if (done && done.generation === generation && performance.now() < done.due) continue;
      this.#done.set(String(uid), this.#sync(held));
    }
    for (const [uid, { held }] of this.#done) {
      if (live.has(uid)) continue;
      this.#done.delete(uid);
      dropTarget(this.world, held);
    }
    const next = Math.min(...[...this.#done.values()].map(({ due }) => due));
    return Number.isFinite(next) ? Math.max(0, next - performance.now()) : undefined;
  }

  #installed(): boolean {
    const charts = this.world.all(RELEASE).map(({ properties }) => stringOf(properties.chart) ?? "");
    return charts.some((chart) => chart.split("/").pop() === "external-secrets");
  }

  #validate(store: Held): void {
    const { namespace = "default" } = objectOf(store.properties.metadata);
    const problem = storeProblem(this.world, store, String(namespace));
    setStatus(this.world, store, {
      capabilities: "ReadWrite",
      conditions: [
        condition(
          store,
          problem === undefined,
          problem === undefined ? "Valid" : "InvalidProviderConfig",
          problem ?? "store validated",
        ),
      ],
    });
  }

  #sync(held: Held): Done {
    const { generation } = objectOf(held.properties.metadata);
    const spec = objectOf(held.properties.spec);
    try {
      const target = writeTarget(this.world, held, contentOf(this.world, held));
      this.#report(held, true, "SecretSynced", "secret synced", target);
      const interval =
        spec.refreshPolicy === undefined || spec.refreshPolicy === "Periodic" ? spec.refreshInterval : "0";
      const seconds = secondsOf(stringOf(interval) ?? "1h");
      const due = seconds === 0 ? Infinity : performance.now() + seconds * 1000 * this.pace;
      return { generation, due, target, held };
    } catch (error) {
      this.#report(held, false, "SecretSyncedError", (error as Error).message);
      return { generation, due: performance.now() + RETRY_MS * this.pace, target: "", held };
    }
  }

  #report(held: Held, ready: boolean, reason: string, message: string, target?: string): void {
    const { syncedResourceVersion, binding } = objectOf(held.properties.status);
    const { generation } = objectOf(held.properties.metadata);
    const synced: Values =
      target === undefined
        ? { ...(syncedResourceVersion !== undefined && { syncedResourceVersion, binding: binding! }) }
        : {
            binding: { name: target.split("/").pop()! },
            syncedResourceVersion: `${Number(generation)}-${versionOf(this.world, target)}`,
          };
    setStatus(this.world, held, { ...synced, conditions: [condition(held, ready, reason, message)] });
  }
}

const versionOf = (world: World, id: string): string =>
  String(objectOf(world.get(SECRET, id)?.properties.metadata).resourceVersion);

/** The condition Ready; the time of its last change stays while its status does. */
function condition(held: Held, ready: boolean, reason: string, message: string): Values {
  const status = ready ? "True" : "False";
  const { conditions } = objectOf(held.properties.status);
  const before = objectOf(Array.isArray(conditions) ? conditions[0] : undefined);
  const lastTransitionTime = before.status === status ? before.lastTransitionTime! : nowIso();
  return { type: "Ready", status, reason, message, lastTransitionTime };
}
