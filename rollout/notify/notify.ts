import { heard } from "../../model/news";
import type { Notifications } from "../../model/notifications";
import type { RolloutEvent } from "../../model/rolloutEvent";
import { reasonOf } from "../failure";
import type { Subject } from "../subject";
import { type Memory, memoryOf } from "./memory";
import { send } from "./send";
import { announcementOf } from "./text";

/** How long an event may take to be told, in seconds: a rollout goes on then. */
const LIMIT = 5;

/**
 * Tells everybody of an event, where it is news to them. It never throws, takes five seconds at most, and nothing
 * waits for its success.
 *
 * @param memory of what was told before. Default: an SSM parameter
 * @returns what did not work, a line each, without anything secret
 */
export async function notify(
  event: RolloutEvent,
  settings: Notifications | undefined,
  subject: Subject,
  memory: Memory = memoryOf(subject),
): Promise<string[]> {
  const { slack, sns, on = [event.kind] } = settings ?? {};
  if (!settings || (slack ?? sns) === undefined || !on.includes(event.kind)) return [];
  try {
    const end = performance.now() + 1_000 * LIMIT;
    const signal = AbortSignal.timeout(1_000 * LIMIT);
    const before = await memory.read(signal);
    const { isNews, told } = heard(event, before);
    const { remarks, reached } = isNews
      ? await send(announcementOf(event), settings, subject, (end - performance.now()) / 1_000)
      : { remarks: [], reached: 1 };
    // Who could not be told at all is told with the next event.
    const kept = told === before || reached === 0 ? [] : await memory.write(told, signal);
    return [...remarks, ...kept];
  } catch (error) {
    return [`nobody was told: ${reasonOf(error)}`];
  }
}
