import { nowMilliseconds } from "../../../cloud/clock";

const MINUTE = 60_000;

/** Older minutes are forgotten: three hours, so that memory has a bound. */
const KEPT = 180;

/** How many there were of each value. */
export type Distribution = ReadonlyMap<number, number>;

/** The metrics of a target group, as CloudWatch calls them. */
export type Metric =
  "RequestCount" | "HTTPCode_Target_5XX_Count" | "TargetConnectionErrorCount" | "TargetResponseTime";

/** A metric's values in one minute. */
export interface Datum {
  /** The minute's beginning, in milliseconds since 1970. */
  readonly start: number;
  /** Seconds for `TargetResponseTime`; of the others each one is a 1. */
  readonly values: Distribution;
}

/** When metrics are published, and of which time they are. */
export interface Publishing {
  /** From a minute's end until it can be read, in seconds. Default 60, as with CloudWatch at best. */
  readonly delaySeconds?: number;
  /** How long ago what happens is said to have happened, in seconds. Default 0. */
  readonly backdateSeconds?: number;
}

interface Group {
  readonly loadBalancerArn: string;
  /** By the number of the minute, ascending, since time does. */
  readonly minutes: Map<number, Recorded>;
}

/** One minute of one target group. */
class Recorded {
  requests = 0;
  failed = 0;
  refused = 0;
  /** By milliseconds, which is as exact as an ALB's access log: so the memory does not grow with the requests. */
  readonly times = new Map<number, number>();

  values(metric: Metric): Distribution {
    if (metric === "TargetResponseTime") return new Map([...this.times].map(([ms, n]) => [ms / 1_000, n]));
    const counts = {
      RequestCount: this.requests,
      HTTPCode_Target_5XX_Count: this.failed,
      TargetConnectionErrorCount: this.refused,
    };
    const count = counts[metric];
    return new Map(count > 0 ? [[1, count]] : []);
  }
}

/**
 * What CloudWatch would know of target groups: by minute of the clock, what was sent to targets and what they answered
 * in it. A request that is sent in one minute and answered in the next counts in both, for what it did there.
 */
export class Measurements {
  readonly #groups = new Map<string, Group>();
  #publishing: Required<Publishing> = { delaySeconds: 60, backdateSeconds: 0 };

  /** @param now milliseconds since 1970 */
  constructor(private readonly now: () => number = nowMilliseconds) {}

  /** Changes what is named; the rest stays. */
  publish(publishing: Publishing): void {
    this.#publishing = { ...this.#publishing, ...publishing };
  }

  /** A request is sent to a target of the group. */
  sent(groupArn: string, loadBalancerArn: string): void {
    let group = this.#groups.get(groupArn);
    if (!group) this.#groups.set(groupArn, (group = { loadBalancerArn, minutes: new Map() }));
    this.#minute(group).requests += 1;
  }

  /** A target began to answer, so many milliseconds after it was sent the request. */
  answered(groupArn: string, status: number, milliseconds: number): void {
    const group = this.#groups.get(groupArn);
    if (!group) return;
    const minute = this.#minute(group);
    const rounded = Math.round(milliseconds);
    minute.times.set(rounded, (minute.times.get(rounded) ?? 0) + 1);
    if (status >= 500) minute.failed += 1;
  }

  /** A target did not take the connection. */
  refused(groupArn: string): void {
    const group = this.#groups.get(groupArn);
    if (group) this.#minute(group).refused += 1;
  }

  /**
   * The data that are published of a metric: of minutes that began in this time, its end excluded. A minute in which
   * there was nothing to count has none.
   *
   * @param targetGroup what ARNs end with from their type on, as dimensions have it: `targetgroup/name/id`
   * @param loadBalancer what ARNs end with after their type: `app/name/id`
   */
  published(metric: Metric, targetGroup: string, loadBalancer: string, from: number, to: number): Datum[] {
    const group = [...this.#groups].find(
      ([arn, { loadBalancerArn }]) =>
        arn.endsWith(`:${targetGroup}`) && loadBalancerArn.endsWith(`:loadbalancer/${loadBalancer}`),
    )?.[1];
    const published = this.now() - 1_000 * this.#publishing.delaySeconds;
    return [...(group?.minutes ?? [])]
      .map(([number, minute]) => ({ start: number * MINUTE, values: minute.values(metric) }))
      .filter(
        ({ start, values }) => start >= from && start < to && start + MINUTE <= published && values.size > 0,
      )
      .sort((a, b) => a.start - b.start);
  }

  #minute({ minutes }: Group): Recorded {
    const number = Math.floor((this.now() - 1_000 * this.#publishing.backdateSeconds) / MINUTE);
    let minute = minutes.get(number);
    if (!minute) {
      minutes.set(number, (minute = new Recorded()));
      for (const old of minutes.keys()) if (old <= number - KEPT) minutes.delete(old);
    }
    return minute;
  }
}
