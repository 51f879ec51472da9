import type { Held, World } from "../world";
import { labelsOf } from "./objects";
import { SECRET } from "./tokens";

/** What a Secret holds, decoded. */
export type SecretData = Readonly<Record<string, string>>;

interface Version {
  readonly data: SecretData;
  /** Milliseconds of the process's clock. */
  readonly since: number;
}

/** How many versions of a Secret are remembered: more than change within a kubelet's delay. */
const KEPT = 20;

/** The Secrets of the cluster with what they held before, since a kubelet sees a change only later. */
export class SecretHistory {
  readonly #versions = new Map<string, Version[]>();

  constructor(
    readonly world: World,
    /** How long after its change a mounted Secret is renewed, in milliseconds. */
    readonly delay: number,
  ) {
    for (const held of world.all(SECRET)) this.#note(held);
    world.on("changed", this.#note);
  }

  /** What a Secret holds now; undefined where there is none. @param id `namespace/name` */
  now(id: string): SecretData | undefined {
    return this.world.get(SECRET, id) && this.#versions.get(id)?.at(-1)?.data;
  }

  /**
   * What files hold that were mounted at this time: what there was then, or what is old enough to have arrived.
   * `fixed` ones keep what there was.
   */
  mounted(id: string, since: number, fixed = false): SecretData {
    const arrived = fixed ? since : Math.max(since, performance.now() - this.delay);
    const seen = this.#versions.get(id)?.findLast((version) => version.since <= arrived);
    return seen?.data ?? {};
  }

  close(): void {
    this.world.off("changed", this.#note);
  }

  readonly #note = (held: Held): void => {
    if (held.type !== SECRET) return;
    const data = Object.fromEntries(
      Object.entries(labelsOf(held.properties.data)).map(([key, value]) => [
        key,
        Buffer.from(value, "base64").toString("utf8"),
      ]),
    );
    const versions = this.#versions.get(held.id) ?? [];
    if (JSON.stringify(versions.at(-1)?.data) === JSON.stringify(data)) return;
    this.#versions.set(held.id, [...versions, { data, since: performance.now() }].slice(-KEPT));
  };
}
