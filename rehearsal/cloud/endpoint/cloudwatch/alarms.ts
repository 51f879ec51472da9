import { now } from "../../../../cloud/clock";
import type { Held, World } from "../../world";
import { validationError } from "../errors";
import type { Routes } from "../local";
import { type Call, texts } from "../service";

/** Pulumi's type of an alarm; its id is the alarm's name. */
const METRIC_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

/** What somebody said of an alarm, under its name. */
const SAID = "local:cloudwatch/alarmState:AlarmState";

const STATES: readonly unknown[] = ["OK", "ALARM", "INSUFFICIENT_DATA"];

const MOST = 100;

interface Said {
  readonly state: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/**
 * DescribeAlarms by name. The local CloudWatch evaluates none: an alarm is in the state that somebody has set, and until
 * then as CloudWatch has one that no data came for.
 *
 * @throws AwsError for more names than CloudWatch takes, and without any
 */
export function describeAlarms({ world, input }: Call): object {
  const names = texts(input.AlarmNames);
  if (names.length === 0 || names.length > MOST)
    throw validationError(`${names.length} names were given; the local CloudWatch takes from 1 to ${MOST}`);
  const found = [...new Set(names)].flatMap((name) => {
    const [held, said] = [alarmOf(world, name), saidOf(world, name)];
    if (!held && !said) return [];
    const { state, since } = said ?? { state: unsaid(held), since: 0 };
    const at = since / 1_000;
    return [
      { AlarmName: name, StateValue: state, StateUpdatedTimestamp: at, StateTransitionedTimestamp: at },
    ];
  });
  return { MetricAlarms: found, CompositeAlarms: [] };
}

/** An alarm goes off, or is quiet again, as somebody says; where there is none of that name there is one then. */
export const alarmRoutes = (world: World): Routes => ({
  "POST /_local/alarms": ({ body }) => {
    const { name, state } = (body ?? {}) as { name?: unknown; state?: unknown };
    if (typeof name !== "string" || name === "" || !STATES.includes(state)) {
      throw new Error(
        `/_local/alarms got ${JSON.stringify(body)}; it takes {name, state: ${STATES.join("|")}}`,
      );
    }
    const since = now().getTime();
    if (saidOf(world, name)?.state !== state) {
      world.put({ type: SAID, id: name, properties: { state, since } });
    }
    return { name, state };
  },
});

const alarmOf = (world: World, name: string): Held | undefined =>
  world.all(METRIC_ALARM).find(({ properties }) => properties["name"] === name);

const saidOf = (world: World, name: string): Said | undefined =>
  world.get(SAID, name)?.properties as Said | undefined;

/** Nobody publishes to it, which its own words judge. */
const unsaid = (held: Held | undefined): string =>
  held?.properties["treatMissingData"] === "notBreaching" ? "OK" : "INSUFFICIENT_DATA";
