/** What a target group has been sent and what came of it, since the load balancer started. */
export interface GroupCounts {
  /** Requests for which the group was chosen, answered by a target or by the load balancer. */
  requests: number;
  /** Answers of targets by class: `RequestCount`'s `HTTPCode_Target_2XX_Count` and its like. */
  "2xx": number;
  "3xx": number;
  "4xx": number;
  "5xx": number;
  /** 502, 503 and 504 that the load balancer itself answered: `HTTPCode_ELB_5XX_Count`. */
  balancer5xx: number;
  /** Requests that the stickiness cookie sent here. */
  sticky: number;
  /** Requests that the weights sent here. */
  weighted: number;
}

/** Counts requests by target group. */
export class Counts {
  readonly #groups = new Map<string, GroupCounts>();

  /** A request was given to the group. */
  chosen(groupArn: string, sticky: boolean): void {
    const counts = this.#of(groupArn);
    counts.requests += 1;
    counts[sticky ? "sticky" : "weighted"] += 1;
  }

  /** A target of the group answered with this status. */
  answered(groupArn: string, status: number): void {
    const kind = `${Math.floor(status / 100)}xx`;
    if (kind === "2xx" || kind === "3xx" || kind === "4xx" || kind === "5xx") this.#of(groupArn)[kind] += 1;
  }

  /** The load balancer answered 502, 503 or 504 for the group. */
  failed(groupArn: string): void {
    this.#of(groupArn).balancer5xx += 1;
  }

  /** A copy of the counts by the target group's ARN. */
  all(): Record<string, GroupCounts> {
    return Object.fromEntries([...this.#groups].map(([arn, counts]) => [arn, { ...counts }]));
  }

  #of(groupArn: string): GroupCounts {
    let counts = this.#groups.get(groupArn);
    if (!counts) {
      counts = {
        requests: 0,
        "2xx": 0,
        "3xx": 0,
        "4xx": 0,
        "5xx": 0,
        balancer5xx: 0,
        sticky: 0,
        weighted: 0,
      };
      this.#groups.set(groupArn, counts);
    }
    return counts;
  }
}
