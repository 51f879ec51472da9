import { ATTEMPTS } from "../../cloud/client";
import { Topics } from "../../cloud/topics";
import { ENVIRONMENTS } from "../../model/environments";
import type { RolloutEvent } from "../../model/rolloutEvent";
import { reasonOf } from "../failure";
import { publicationOf, regionOf } from "../notify/sns";
import { announcementOf } from "../notify/text";
import type { Subject } from "../subject";
import { type WatchOutcome, watchOnce } from "./watchOnce";

/**
 * What AWS calls, by a schedule and by alarms; an event says nothing but "look".
 *
 * Its environment has `SLUICE_APP`, `SLUICE_ENVIRONMENT`, and the ARN of a topic in `SLUICE_TOPIC` if one is to be told;
 * `AWS_REGION` and `AWS_LAMBDA_FUNCTION_NAME` are the runtime's.
 *
 * @throws Error where nobody could see, or what is urgent could not be done: an invocation that fails is one by which
 *   the alarm about the watcher counts
 */
export async function handler(): Promise<WatchOutcome> {
  const subject = subjectIn(process.env);
  const { AWS_LAMBDA_FUNCTION_NAME: name = "a function", SLUICE_TOPIC: topic } = process.env;
  const tell = (line: string) => console.log(line);
  const outcome = await watchOnce(subject, tell, { by: `sluice watch (${name})` });
  const { kind, reasons, unseen, moved, event, flags } = outcome;
  // The alarm about failures tells of the rest, once.
  const events = [...flags, ...(event && moved.length > 0 ? [event] : [])];
  if (topic !== undefined) for (const one of events) await publish(one, topic, tell);
  if (kind === "quiet" || kind === "lowered") return outcome;
  throw new Error(
    [`${kind}: ${[...reasons, ...unseen].join("; ")}`, ...whatToDo(outcome, subject)].join(". "),
  );
}

function subjectIn(env: NodeJS.ProcessEnv): Subject {
  const { SLUICE_APP: app, SLUICE_ENVIRONMENT: named, AWS_REGION: region } = env;
  const environment = ENVIRONMENTS.find((name) => name === named);
  if (app && environment && region) return { app, environment, region };
  throw new Error(
    `found SLUICE_APP ${String(app)}, SLUICE_ENVIRONMENT ${String(named)}, AWS_REGION ${String(region)}; ` +
      `needed are all three, the second one of ${ENVIRONMENTS.join(", ")}: pulumi up sets them`,
  );
}

/** Nothing waits for people to be told. */
async function publish(event: RolloutEvent, topic: string, tell: (line: string) => void): Promise<void> {
  try {
    const topics = new Topics(regionOf(topic), ATTEMPTS.looking);
    await topics.publish(topic, publicationOf(announcementOf(event)));
  } catch (error) {
    tell(`${topic} was not told: ${reasonOf(error)}`);
  }
}

/** What a person does who reads it. */
function whatToDo({ event, unlowered }: WatchOutcome, { app, environment, region }: Subject): string[] {
  const verbs = [...unlowered.map((flag) => `flags disable ${flag}`), ...(event ? ["rollback"] : [])];
  return verbs.map(
    (verb) => `sluice ${verb} --app ${app} --environment ${environment} --region ${region} --reason "..."`,
  );
}
