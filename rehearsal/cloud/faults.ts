/** An error of the cloud's API: what AWS's SDK would throw. */
export class CloudError extends Error {
  constructor(
    /** AWS's error code, for example `TooManyTargetGroups` or `Throttling`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "CloudError";
  }
}

/** A fault to inject: which calls fail, and how. */
export interface Fault {
  /** What a provider does to a resource, or `api` for a call of the AWS endpoint. */
  readonly action: Action;
  /**
   * A type token such as `aws:lb/listenerRule:ListenerRule`; for `api` `service:Operation`, such as
   * `elasticloadbalancing:ModifyRule`. `*`: any.
   */
  readonly type: string;
  /** A regular expression, found anywhere in the resource's logical name, or in the resource id of an API call. */
  readonly name: string;
  readonly error: { readonly code: string; readonly message: string };
  /** How many calls fail before it is over; without it all do. */
  readonly times?: number;
}

/** What a call does. */
export type Action = "create" | "update" | "delete" | "api";

/** A call about to be made. */
export interface Call {
  readonly action: Action;
  readonly type: string;
  readonly name: string;
}

/** The faults that are in force. The first that matches a call is the one that it meets. */
export class Faults {
  #faults: { fault: Fault; name: RegExp; left: number }[] = [];

  /** @throws Error when `name` is no regular expression, or `times` is no whole number above 0. */
  add(fault: Fault): void {
    const times = fault.times ?? Infinity;
    if (!(times === Infinity || (Number.isInteger(times) && times > 0))) {
      throw new Error(`fault.times is ${String(fault.times)}; it must be a whole number above 0`);
    }
    this.#faults.push({ fault, name: new RegExp(fault.name), left: times });
  }

  clear(): void {
    this.#faults = [];
  }

  /** @throws CloudError when a fault matches the call. */
  check(call: Call): void {
    const met = this.#faults.find(
      ({ fault, name }) =>
        fault.action === call.action && ["*", call.type].includes(fault.type) && name.test(call.name),
    );
    if (!met) return;
    met.left -= 1;
    if (met.left === 0) this.#faults = this.#faults.filter((other) => other !== met);
    throw new CloudError(met.fault.error.code, met.fault.error.message);
  }
}
