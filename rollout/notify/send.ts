import { createRequire } from "node:module";
import { Parameters } from "../../cloud/parameters";
import type * as TopicsModule from "../../cloud/topics";
import type { Notifications } from "../../model/notifications";
import { reasonOf } from "../failure";
import type { Subject } from "../subject";
import { toSlack, tryWebhook, webhookIn } from "./slack";
import { publicationOf, regionOf } from "./sns";
import type { Announcement } from "./text";

/** The SDK is read where somebody is told through it. */
const load = createRequire(__filename);

/** How many channels took it, and what did not work, a line each, without anything secret. */
export interface Sent {
  readonly reached: number;
  readonly remarks: string[];
}

/**
 * Sends to all channels at once.
 *
 * @param seconds after which it is given up
 */
export async function send(
  announcement: Announcement,
  { slack, sns }: Notifications,
  subject: Subject,
  seconds = 5,
): Promise<Sent> {
  const limit = { signal: AbortSignal.timeout(Math.max(0, Math.round(1_000 * seconds))), seconds };
  const remarks = await Promise.all([
    ...(slack === undefined
      ? []
      : [remarkOf("Slack was not told", limit, bySlack(announcement, slack, subject, limit))]),
    ...(sns === undefined ? [] : [remarkOf(`${sns} was not told`, limit, bySns(announcement, sns, limit))]),
  ]);
  return { reached: remarks.filter((lines) => lines.length === 0).length, remarks: remarks.flat() };
}

interface Limit {
  readonly signal: AbortSignal;
  readonly seconds: number;
}

async function remarkOf(
  what: string,
  { signal }: Pick<Limit, "signal">,
  sending: Promise<void>,
): Promise<string[]> {
  try {
    await sending;
    return [];
  } catch (error) {
    return [`${what}: ${signal.aborted ? "there was no answer in time" : reasonOf(error)}`];
  }
}

/** What keeps anybody from being told, a line each; nobody is sent anything. An SNS topic shows itself in use only. */
export async function tryOut({ slack }: Notifications, subject: Subject, seconds = 5): Promise<string[]> {
  if (slack === undefined) return [];
  const signal = AbortSignal.timeout(1_000 * seconds);
  const trying = webhookOf(slack, subject, signal).then((url) => tryWebhook(url, signal));
  return remarkOf("Slack cannot be told", { signal }, trying);
}

async function bySlack(
  announcement: Announcement,
  parameter: string,
  subject: Subject,
  limit: Limit,
): Promise<void> {
  await toSlack(announcement, await webhookOf(parameter, subject, limit.signal), limit);
}

/** The command that puts a webhook's URL where it is looked for. */
export const putWebhook = (parameter: string): string =>
  `aws ssm put-parameter --overwrite --type SecureString --name ${parameter} --value "$URL"`;

async function webhookOf(parameter: string, { region }: Subject, signal: AbortSignal): Promise<URL> {
  const held = await new Parameters(region, 1).get(parameter, signal);
  const make = putWebhook(parameter);
  if (held === undefined) throw new Error(`there is no parameter ${parameter}; make it: ${make}`);
  const url = webhookIn(held);
  if (!url) throw new Error(`${parameter} holds no https URL; put one there: ${make}`);
  return url;
}

async function bySns(announcement: Announcement, topic: string, { signal }: Limit): Promise<void> {
  const { Topics } = load("../../cloud/topics") as typeof TopicsModule;
  await new Topics(regionOf(topic), 1).publish(topic, publicationOf(announcement), signal);
}
