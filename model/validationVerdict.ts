import type { Seen } from "./rollout/seen";
import type { Validated } from "./rollout/situation";
import { list } from "./rules/wording";
import { type Candidate, type Question, type ValidationSettings, allowedFailures } from "./validation";
import { type Replies, type Reply, type Told, identify } from "./validationReply";

/** What is to be judged, and by what. */
export interface Hearing {
  readonly candidate: Candidate;
  readonly settings: ValidationSettings;
  readonly heard: readonly Replies[];
  /** ISO time at which the first request was sent. */
  readonly at: string;
}

interface Finding {
  readonly verdict: "failed" | "unseen" | "passed";
  readonly text: string;
}

/** Most findings that one sentence has. */
const MOST = 3;

/**
 * Whether the candidate answers as it should. It passes where of each path enough requests succeeded and each service
 * told that it is this version of this colour. The load balancer tells nobody which target group answered, and where
 * it does not listen to the header the live colour answers well: so what does not tell who it is proves nothing, and
 * counts as not seen, as does what another colour answered. A request that reached nobody says nothing of the
 * candidate either; one that was sent and got no answer does.
 */
export function judge(hearing: Hearing): Seen<Validated> {
  const { candidate, heard, at } = hearing;
  const { colour, version } = candidate;
  const services = [...new Set(heard.map(({ question }) => question.service))];
  const findings = services.flatMap((service) => findingsOf(service, hearing));
  const of = (verdict: Finding["verdict"]) =>
    findings.filter((one) => one.verdict === verdict).map(({ text }) => text);
  const [failed, unseen] = [of("failed"), of("unseen")];
  if (failed.length > 0) return { value: { colour, version, outcome: "failed", at, evidence: some(failed) } };
  if (unseen.length > 0) return { unseen: some(unseen) };
  const evidence = passing(hearing, services);
  return { value: { colour, version, outcome: "passed", at, evidence } };
}

const some = (texts: readonly string[]): string =>
  [...texts.slice(0, MOST), ...(texts.length > MOST ? [`and ${texts.length - MOST} more`] : [])].join("; ");

function passing({ candidate, heard, settings }: Hearing, services: readonly string[]): string {
  const who = named(candidate);
  if (services.length === 0) {
    return settings.requests === 0
      ? `nothing is asked of ${who}: sluice:validation.requests is 0`
      : `nothing is asked of ${who}: it has no public service`;
  }
  const all = heard.flatMap(({ question, replies }) =>
    replies.map((reply) => ({ reply, isGood: fault(reply, question) === undefined })),
  );
  const good = all.filter(({ isGood }) => isGood);
  const slowest = Math.max(
    ...good.map(({ reply }) => (reply.kind === "answer" ? Math.round(reply.milliseconds) : 0)),
  );
  return `${good.length} of ${all.length} requests to ${list(services)} of ${who} succeeded, the slowest took ${slowest} ms`;
}

function findingsOf(service: string, { candidate, settings, heard }: Hearing): Finding[] {
  const own = heard.filter(({ question }) => question.service === service);
  const replies = own.flatMap((one) => one.replies);
  const reached = replies.filter((reply) => reply.kind !== "unreached");
  const who = named(candidate);
  const unseen = (text: string): Finding[] => [{ verdict: "unseen", text }];
  if (reached.length === 0) {
    const [first] = replies;
    return unseen(
      `${service} could not be reached: ${first?.kind === "unreached" ? first.why : "nothing was sent"}`,
    );
  }
  const tellers = reached.flatMap((reply) => (reply.kind === "answer" ? [reply.told] : []));
  const others = tellers.filter((told) => identify(told, candidate) === "other");
  if (others.length > 0) {
    const [other = {}] = others;
    return unseen(
      `${said(other)} answered for ${service}, not ${who}: the preview header was not followed; ` +
        "it counts from the addresses of sluice:previewSources, so ask from one of them",
    );
  }
  const wrong = tellers.find((told) => identify(told, candidate) === "another version");
  if (wrong) return [{ verdict: "failed", text: `${service} of ${who} says that it is ${said(wrong)}` }];
  const lost = own.find((one) =>
    one.replies.some((reply) => reply.kind === "answer" && reply.byEdge && reply.status < 500),
  );
  if (lost) {
    const status = lost.replies.flatMap((reply) => (reply.kind === "answer" ? reply.status : []))[0] ?? 0;
    return unseen(`the edge itself answered ${status} to ${service} ${lost.question.path}, and not ${who}`);
  }
  const failures = own.flatMap((one) => failureOf(one, candidate, settings));
  if (failures.length > 0) return failures;
  const short = own.find((one) => one.replies.length < settings.requests);
  if (short) {
    const { question, replies } = short;
    return unseen(
      `${service} ${question.path}: ${replies.length} of ${settings.requests} requests were sent`,
    );
  }
  if (tellers.some((told) => identify(told, candidate) === "itself"))
    return [{ verdict: "passed", text: "" }];
  const needed = candidate.other === candidate.version ? "version and colour" : "version";
  return unseen(
    `nothing shows that ${who} answered for ${service}: no answer tells its ${needed}, by the headers x-version ` +
      "and x-colour or in the JSON of a health path",
  );
}

/** The path, where too many of its requests failed. */
function failureOf(
  { question, replies }: Replies,
  candidate: Candidate,
  settings: ValidationSettings,
): Finding[] {
  const faults = replies.flatMap((reply) => fault(reply, question) ?? []);
  const allowed = allowedFailures(settings);
  if (faults.length <= allowed) return [];
  const { service, path } = question;
  const where = `${service} ${path} of ${named(candidate)}`;
  const kinds = list([...new Set(faults)].slice(0, MOST));
  return [
    {
      verdict: "failed",
      text: `${where}: ${faults.length} of ${replies.length} requests failed (${kinds}); ${allowed} of ${settings.requests} may`,
    },
  ];
}

/** Whether the finding about a path is certain already: it has failed, or another colour answers. */
export const isSettled = (
  { question, replies }: Replies,
  { candidate, settings }: Pick<Hearing, "candidate" | "settings">,
): boolean =>
  replies.filter((reply) => fault(reply, question) !== undefined).length > allowedFailures(settings) ||
  replies.some((reply) => reply.kind === "answer" && identify(reply.told, candidate) === "other");

/** What is wrong with a reply; undefined where it is as it should be. Redirects are not followed. */
function fault(reply: Reply, { status }: Question): string | undefined {
  if (reply.kind !== "answer") return reply.why;
  const isExpected =
    status === undefined ? reply.status >= 200 && reply.status < 300 : reply.status === status;
  return isExpected ? undefined : `${reply.status}${reply.byEdge ? " by the edge itself" : ""}`;
}

const said = ({ colour, version }: Told): string => [colour, version].filter(Boolean).join(" ");

const named = ({ colour, version }: Candidate): string => `${colour} ${version}`;
