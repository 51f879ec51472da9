import { EventEmitter } from "node:events";
import { now } from "../../cloud/clock";

/** A resource as the local cloud holds it: what a `describe` call would find, in Pulumi's property names. */
export interface Held {
  /** Pulumi's type token, for example `aws:lb/listenerRule:ListenerRule`. */
  readonly type: string;
  /** The provider's id: an ARN, a name, or `namespace/name`, as the real provider has it. */
  readonly id: string;
  /** Inputs and computed outputs together. */
  properties: Record<string, unknown>;
}

/** A network target of a target group, as DescribeTargetHealth reports it. */
export interface Target {
  readonly id: string;
  readonly port: number;
  state: "initial" | "healthy" | "unhealthy" | "draining";
  reason?: string;
}

/** What types begin with that no API shows, for example a database's users. */
const NOTE = "local:";

interface Events {
  /** A resource was created or changed, by the engine or by an API call. */
  changed: [Held];
  removed: [Held];
  /** Targets were registered with, or deregistered from, the target group of this ARN. */
  targets: [string];
}

/**
 * The local cloud's one truth. The engine's providers and the AWS endpoint write it, controllers and
 * the load balancer follow it; so a ModifyRule alone moves traffic, and a refresh sees it.
 */
export class World extends EventEmitter<Events> {
  /** By type, then by id: a type is asked for as a whole at every look of a controller. */
  readonly #held = new Map<string, Map<string, Held>>();
  readonly #targets = new Map<string, Target[]>();
  readonly #written = new WeakMap<Held, Date>();

  get(type: string, id: string): Held | undefined {
    return this.#held.get(type)?.get(id);
  }

  all(type: string): Held[] {
    return [...(this.#held.get(type)?.values() ?? [])];
  }

  /** Everything that an account or a cluster would show; what the local cloud notes for itself is left out. */
  everything(): Held[] {
    return [...this.#held]
      .filter(([type]) => !type.startsWith(NOTE))
      .flatMap(([, held]) => [...held.values()]);
  }

  put(held: Held): void {
    const siblings = this.#held.get(held.type) ?? new Map<string, Held>();
    this.#held.set(held.type, siblings.set(held.id, held));
    this.#written.set(held, now());
    this.emit("changed", held);
  }

  /** When it was last created or changed. */
  writtenAt(held: Held): Date | undefined {
    return this.#written.get(held);
  }

  remove(type: string, id: string): void {
    const held = this.get(type, id);
    if (!held) return;
    this.#held.get(type)?.delete(id);
    this.#targets.delete(id);
    this.emit("removed", held);
  }

  targets(targetGroupArn: string): readonly Target[] {
    return this.#targets.get(targetGroupArn) ?? [];
  }

  register(targetGroupArn: string, target: Pick<Target, "id" | "port">): void {
    const targets = this.#targets.get(targetGroupArn) ?? [];
    const known = targets.find((t) => t.id === target.id && t.port === target.port);
    if (known && known.state !== "draining") return;
    const others = targets.filter((t) => t !== known);
    this.#targets.set(targetGroupArn, [
      ...others,
      { ...target, state: "initial", reason: "Elb.RegistrationInProgress" },
    ]);
    this.emit("targets", targetGroupArn);
  }

  /** Begins draining; the load balancer calls `forget` when the deregistration delay has passed. */
  deregister(targetGroupArn: string, target: Pick<Target, "id" | "port">): void {
    const known = this.#targets
      .get(targetGroupArn)
      ?.find((t) => t.id === target.id && t.port === target.port);
    if (!known || known.state === "draining") return;
    known.state = "draining";
    known.reason = "Target.DeregistrationInProgress";
    this.emit("targets", targetGroupArn);
  }

  forget(targetGroupArn: string, target: Pick<Target, "id" | "port">): void {
    const targets = this.#targets.get(targetGroupArn) ?? [];
    this.#targets.set(
      targetGroupArn,
      targets.filter((t) => t.id !== target.id || t.port !== target.port),
    );
    this.emit("targets", targetGroupArn);
  }
}
