import { meanwhile, nowIso } from "../../cloud/clock";
import type { Colour, Release } from "../../model/release";
import type { Seen } from "../../model/rollout/seen";
import type { Validated } from "../../model/rollout/situation";
import type { Settings } from "../../model/settings";
import { type Question, candidateOf, questionsOf } from "../../model/validation";
import { type Replies, type Reply, type Sent, sentOf } from "../../model/validationReply";
import { type Hearing, isSettled, judge } from "../../model/validationVerdict";
import { reasonOf } from "../failure";
import type { Subject } from "../subject";
import { keepRound } from "./ours";
import { type Senders, sendersFor } from "./senders";

/** Requests at once over all services: enough to reach every pod, and no load worth the name. */
const AT_ONCE = 8;

/** After so many seconds nothing more is sent, and what is not answered counts as not seen. */
const LONGEST = 120;

/** What is validated. */
export interface ValidationAsked {
  readonly settings: Pick<Settings, "services" | "validation" | "zoneId">;
  /** The release as it runs, which is what the state has of it. */
  readonly release: Release;
  /** The candidate. */
  readonly colour: Colour;
}

/**
 * Sends health and smoke requests to a colour by the preview header, through the load balancer as users' requests go,
 * and judges the answers. It never throws. Its requests reach the colour's target groups, where they are counted with
 * users'.
 *
 * `SLUICE_BALANCER_URL` names where the load balancer is reached instead of by its own name, such as the end of a
 * tunnel.
 */
export async function validate(subject: Subject, asked: ValidationAsked): Promise<Seen<Validated>> {
  const { settings, release, colour } = asked;
  const candidate = candidateOf(release, colour);
  if (!candidate) return { unseen: `${colour} has no version to be asked` };
  const questions = questionsOf(settings, release, colour);
  const at = nowIso();
  const hearing = { candidate, settings: settings.validation, at };
  if (questions.length === 0) return judge({ ...hearing, heard: [] });
  const senders = await sendersFor(questions, subject, colour, settings.zoneId !== undefined);
  if ("unseen" in senders) return senders;
  try {
    const heard = await kept(subject, { at, most: most(questions, asked) }, async () => {
      const replies = await ask(questions, senders.value, hearing);
      return { replies, sent: sentOf(candidate, replies) };
    });
    return "unseen" in heard ? heard : judge({ ...hearing, heard: heard.value });
  } finally {
    for (const sender of senders.value.values()) sender.close();
  }
}

/** Sends once it is kept what is about to be sent, so that none of it is taken for users' where this is killed. */
async function kept(
  subject: Subject,
  { at, most }: { readonly at: string; readonly most: Sent },
  send: () => Promise<{ readonly replies: Replies[]; readonly sent: Sent }>,
): Promise<Seen<Replies[]>> {
  try {
    const until = new Date(Date.parse(at) + 1_000 * meanwhile(LONGEST)).toISOString();
    await keepRound(subject, { from: at, until, sent: most });
  } catch (error) {
    return {
      unseen: `nothing was sent, for it could not be kept apart from users' requests: ${reasonOf(error)}`,
    };
  }
  const { replies, sent } = await send();
  // Where this fails, what was kept before counts: fewer requests are users' then, never more.
  await keepRound(subject, { from: at, until: nowIso(), sent }).catch(() => undefined);
  return { value: replies };
}

/** Asks each question so many times, in turn, and no more once the finding about it is certain. */
async function ask(
  questions: readonly Question[],
  senders: Senders,
  hearing: Pick<Hearing, "candidate" | "settings">,
): Promise<Replies[]> {
  const { requests, seconds } = hearing.settings;
  const heard = questions.map((question) => ({ question, replies: [] as Reply[] }));
  const rounds = Array.from({ length: requests }, () => heard).flat();
  const until = performance.now() + 1_000 * LONGEST;
  const worker = async (): Promise<void> => {
    for (let next = rounds.shift(); next; next = rounds.shift()) {
      if (performance.now() > until) return;
      if (isSettled(next, hearing)) continue;
      const reply = await senders.get(next.question.service)?.send(next.question, seconds);
      if (reply) next.replies.push(reply);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return heard;
}

/** Everything that can be sent. */
const most = (questions: readonly Question[], { settings, colour }: ValidationAsked): Sent => {
  const { requests } = settings.validation;
  const services = [...new Set(questions.map(({ service }) => service))];
  return {
    [colour]: Object.fromEntries(
      services.map((service) => {
        const own = questions.filter((question) => question.service === service);
        return [service, { requests: requests * own.length, errors: 0, slow: 0 }];
      }),
    ),
  };
};
