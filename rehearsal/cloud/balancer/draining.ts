import { onMachine } from "../../../cloud/clock";
import type { Target, World } from "../world";
import type { InFlight } from "./inflight";
import { numberFrom, TARGET_GROUP } from "./resources";

/** AWS's default deregistration delay, in seconds. */
const DEFAULT_DELAY = 300;

/**
 * Ends the draining of deregistered targets. As on AWS a target stays `draining` for the whole deregistration delay,
 * also when it is idle; what it is still busy with then is cut off. Where a release's time passes faster than users',
 * it is `draining` for less: what it is busy with has the whole delay in users' time all the same.
 */
export class Draining {
  readonly #ends = new Map<Target, NodeJS.Timeout>();

  constructor(
    private readonly world: World,
    private readonly inFlight: InFlight,
  ) {}

  /** Looks at a group's targets again; to be called whenever they changed. */
  follow(groupArn: string): void {
    for (const target of this.world.targets(groupArn)) {
      if (target.state === "draining" && !this.#ends.has(target)) this.#begin(groupArn, target);
    }
  }

  close(): void {
    for (const timer of this.#ends.values()) clearTimeout(timer);
    this.#ends.clear();
  }

  #begin(groupArn: string, target: Target): void {
    const { deregistrationDelay } = this.world.get(TARGET_GROUP, groupArn)?.properties ?? {};
    const delay = numberFrom(deregistrationDelay, DEFAULT_DELAY);
    const shown = onMachine(delay);
    this.#after(shown, target, () => {
      // A target that was registered again meanwhile is another object, and none of this timer's business.
      if (!this.world.targets(groupArn).includes(target)) return;
      this.world.forget(groupArn, target);
      this.#after(delay - shown, target, () => this.inFlight.cut(target));
    });
  }

  /** @param seconds of the machine's time */
  #after(seconds: number, target: Target, end: () => void): void {
    const timer = setTimeout(() => {
      this.#ends.delete(target);
      end();
    }, 1000 * seconds);
    // An hour of draining must not keep the process alive.
    timer.unref();
    this.#ends.set(target, timer);
  }
}
