import type { Target } from "../world";

/** Requests and WebSockets that targets are busy with, so that a target's can be cut off when its draining ends. */
export class InFlight {
  readonly #cuts = new Map<Target, Set<() => void>>();

  /**
   * Remembers a request that a target is busy with.
   *
   * @param cut ends it at once.
   * @returns to be called when it is over.
   */
  begin(target: Target, cut: () => void): () => void {
    const cuts = this.#cuts.get(target) ?? new Set();
    this.#cuts.set(target, cuts.add(cut));
    return () => {
      cuts.delete(cut);
      if (cuts.size === 0 && this.#cuts.get(target) === cuts) this.#cuts.delete(target);
    };
  }

  /** How many a target is busy with. */
  of(target: Target): number {
    return this.#cuts.get(target)?.size ?? 0;
  }

  /** Ends what a target is still busy with. */
  cut(target: Target): void {
    for (const cut of [...(this.#cuts.get(target) ?? [])]) cut();
  }

  /** Ends everything. */
  cutAll(): void {
    for (const target of [...this.#cuts.keys()]) this.cut(target);
  }
}
