import { alarmPrefix } from "../../model/names";
import { COLOURS } from "../../model/release";
import type { WatchArgs } from "./watch";

/** EventBridge: characters of a rule's pattern. */
const LONGEST = 2_048;

/**
 * Which alarms call the watcher as they go off: those of this stack's colours, and the ones that its flags are watched
 * by. Where a pattern has no room for one more name, that alarm waits for the schedule, a minute at most.
 */
export function alarmPattern({
  app,
  environment,
  flags = {},
}: Pick<WatchArgs, "app" | "environment" | "flags">): string {
  const ofColours = COLOURS.map((colour) => ({ prefix: alarmPrefix(app, environment, colour) }));
  const ofFlags = new Set(Object.values(flags).flatMap(({ alarms }) => alarms.map(({ name }) => name)));
  return [...ofFlags].reduce<string>((pattern, _, index, all) => {
    const longer = patternOf([...ofColours, ...all.slice(0, index + 1)]);
    return longer.length <= LONGEST ? longer : pattern;
  }, patternOf(ofColours));
}

const patternOf = (alarmName: readonly (string | { readonly prefix: string })[]): string =>
  JSON.stringify({
    source: ["aws.cloudwatch"],
    "detail-type": ["CloudWatch Alarm State Change"],
    detail: { alarmName, state: { value: ["ALARM"] } },
  });
