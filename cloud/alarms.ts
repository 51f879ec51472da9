import {
  CloudWatchClient,
  type DescribeAlarmsInput,
  paginateDescribeAlarms,
} from "@aws-sdk/client-cloudwatch";
import type { AlarmSeen, AlarmsSeen } from "../model/flags/alarms";
import { clientConfig } from "./client";

/** CloudWatch: as many names one call may ask for. */
const MOST = 100;

const STATES = ["OK", "ALARM", "INSUFFICIENT_DATA"] as const;

/** CloudWatch's alarms; endpoint and credentials come from the SDK's environment. */
export class Alarms {
  readonly #client: CloudWatchClient;

  /** @param region as in `aws:region` */
  constructor(region: string) {
    this.#client = new CloudWatchClient(clientConfig(region));
  }

  /**
   * The alarms of these names that there are, composite ones too, by name.
   *
   * @throws Error where a state is none of CloudWatch's; the SDK's where the caller may not look
   */
  async of(names: readonly string[]): Promise<AlarmsSeen> {
    const starts = names.flatMap((_, index) => (index % MOST === 0 ? [index] : []));
    const found = await Promise.all(starts.map((start) => this.#some(names.slice(start, start + MOST))));
    return Object.assign({}, ...found) as AlarmsSeen;
  }

  async #some(names: readonly string[]): Promise<AlarmsSeen> {
    const asked: DescribeAlarmsInput = {
      AlarmNames: [...names],
      AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
    };
    const found: [string, AlarmSeen][] = [];
    const pages = paginateDescribeAlarms({ client: this.#client }, asked);
    for await (const { MetricAlarms = [], CompositeAlarms = [] } of pages) {
      for (const { AlarmName = "", StateValue, StateTransitionedTimestamp, StateUpdatedTimestamp } of [
        ...MetricAlarms,
        ...CompositeAlarms,
      ]) {
        const state = STATES.find((one) => one === StateValue);
        if (!state) throw new Error(`alarm ${AlarmName} is in the state ${String(StateValue)}`);
        const since = (StateTransitionedTimestamp ?? StateUpdatedTimestamp)?.toISOString();
        found.push([AlarmName, { state, ...(since !== undefined && { since }) }]);
      }
    }
    return Object.fromEntries(found);
  }
}
