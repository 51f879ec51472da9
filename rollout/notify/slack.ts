import { setTimeout as pause } from "node:timers/promises";
import type { Announcement } from "./text";

/** Slack: characters of a section's text. */
const SECTION = 2_900;

const COLOURS: Readonly<Record<Announcement["tone"], string>> = {
  good: "#2eb67d",
  bad: "#e01e5a",
  waiting: "#ecb22e",
  plain: "#36c5f0",
};

/** As Slack wants what is no markup of ours: nobody is called, and nothing is a link. */
const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** An incoming webhook's message: a title that notifications show too, and blocks with the evidence. */
export function slackMessage({ title, lines, foot, tone }: Announcement): object {
  const shown: string[] = [];
  let room = SECTION - 30;
  for (const line of lines.map((one) => `• ${escaped(one)}`)) {
    room -= line.length + 1;
    if (room < 0) break;
    shown.push(line);
  }
  const left = lines.length - shown.length;
  const section = [...shown, ...(left > 0 ? [`(${left} more left out)`] : [])].join("\n");
  const blocks = [
    ...(section === "" ? [] : [{ type: "section", text: markdown(section) }]),
    { type: "context", elements: [markdown(escaped(foot))] },
  ];
  const text = escaped(title);
  return { text, attachments: [{ color: COLOURS[tone], fallback: text, blocks }] };
}

/** `verbatim`: channels and addresses that are named in it stay text. */
const markdown = (text: string) => ({ type: "mrkdwn", text, verbatim: true });

/** What a parameter holds, if a message may be sent there: by TLS, but to this machine. */
export function webhookIn(text: string): URL | undefined {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    return undefined;
  }
  const isHere = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  const isSafe = url.protocol === "https:" || (url.protocol === "http:" && isHere);
  return isSafe && url.username === "" && url.password === "" ? url : undefined;
}

/**
 * Sends to a webhook, once more where it asks to wait and there is time to.
 *
 * @param signal ends it
 * @param seconds that are left for it
 * @throws Error that says what went wrong, and never where: whoever knows the URL can post by it
 */
export async function toSlack(
  announcement: Announcement,
  url: URL,
  { signal, seconds }: { readonly signal: AbortSignal; readonly seconds: number },
): Promise<void> {
  const end = performance.now() + 1_000 * seconds;
  const body = JSON.stringify(slackMessage(announcement));
  let answer = await post(url, body, signal);
  if (answer.status === 429) {
    const wait = Number(answer.headers.get("retry-after") ?? "1");
    const isTime = wait >= 0 && performance.now() + 1_000 * wait < end;
    if (!isTime)
      throw new Error("it answered 429, too many messages, and asks to wait for longer than there is");
    await pause(1_000 * wait, undefined, { signal });
    answer = await post(url, body, signal);
  }
  if (answer.ok) return;
  // A redirect is not followed: it would hand the message to whoever is there.
  throw new Error(`it answered ${answer.status}${answer.said}`);
}

/**
 * Whether a webhook takes messages, without sending one: it refuses an empty one by name, where it is a webhook at all.
 *
 * @throws Error that says why not, and never where
 */
export async function tryWebhook(url: URL, signal: AbortSignal): Promise<void> {
  const { status, said } = await post(url, "{}", signal);
  if (status !== 400 || !/no_text|invalid_payload/.test(said))
    throw new Error(`it answered ${status}${said}`);
}

interface Answered {
  readonly ok: boolean;
  readonly status: number;
  readonly headers: Headers;
  /** One of Slack's words for what is wrong, such as `no_service`. */
  readonly said: string;
}

async function post(url: URL, body: string, signal: AbortSignal): Promise<Answered> {
  try {
    const headers = { "content-type": "application/json; charset=utf-8" };
    const answer = await fetch(url, { method: "POST", redirect: "manual", headers, body, signal });
    const said = /^[a-z]+(_[a-z]+){1,6}$/.exec((await answer.text()).slice(0, 100).trim())?.[0];
    const isEcho = said !== undefined && url.href.includes(said);
    return {
      ok: answer.ok,
      status: answer.status,
      headers: answer.headers,
      said: said === undefined || isEcho ? "" : `, ${said}`,
    };
  } catch (error) {
    signal.throwIfAborted();
    const { code } = ((error as Error).cause ?? {}) as { code?: unknown };
    throw new Error(`it could not be reached${typeof code === "string" ? `, ${code}` : ""}`);
  }
}
