import {
  Agent as PlainAgent,
  type IncomingMessage,
  type RequestOptions,
  request as requestPlain,
} from "node:http";
import { Agent as TlsAgent, request as requestTls } from "node:https";
import { isIP } from "node:net";
import type { Entrance } from "../../cloud/previewRules";
import { plainLine } from "../../model/masked";
import { PREVIEW_HEADER } from "../../model/names";
import type { Question } from "../../model/validation";
import type { Reply, Told } from "../../model/validationReply";
import { reasonOf } from "../failure";

/** As much of an answer as is read for who it is from, in bytes. */
const READ = 65_536;

/** Most of a colour or version that an answer names, in characters. */
const SAID = 128;

/** What sends: connections are used again, as users' are. */
export interface Sender {
  send(question: Question, seconds: number): Promise<Reply>;
  close(): void;
}

/**
 * Sends requests to one service's candidate.
 *
 * @param to where it connects to; its protocol says whether TLS is spoken
 * @param entrance which host and header are asked for; a certificate must be the host's, where there is one
 */
export function senderTo(to: URL, { host, prefix, value }: Entrance): Sender {
  const isTls = to.protocol === "https:";
  const agent = isTls ? new TlsAgent({ keepAlive: true }) : new PlainAgent({ keepAlive: true });
  const name = host ?? to.hostname;
  const options = (path: string): RequestOptions => ({
    agent,
    method: "GET",
    hostname: to.hostname.replaceAll(/[[\]]/g, ""),
    port: to.port,
    path: `${prefix}${path}`,
    headers: { host: host ?? to.host, [PREVIEW_HEADER]: value, "user-agent": "sluice-validation" },
    // An address is no name that TLS could ask for.
    ...(isTls && !isIP(name) && { servername: name }),
  });
  return {
    send: (question, seconds) =>
      new Promise((resolve) => {
        const began = performance.now();
        const milliseconds = () => performance.now() - began;
        const request = (isTls ? requestTls : requestPlain)(options(question.path));
        let isReached = false;
        let isOver = false;
        const end = (reply: Reply): void => {
          if (isOver) return;
          isOver = true;
          clearTimeout(late);
          resolve(reply);
        };
        const broken = (why: string): Reply =>
          isReached ? { kind: "cut", why, milliseconds: milliseconds() } : { kind: "unreached", why };
        const late = setTimeout(() => {
          end(
            broken(isReached ? `no whole answer within ${seconds} s` : `no connection within ${seconds} s`),
          );
          request.destroy();
        }, 1_000 * seconds);
        request.on("socket", (socket) => {
          // One that is used again has been reached before.
          if (socket.connecting) socket.once(isTls ? "secureConnect" : "connect", () => (isReached = true));
          else isReached = true;
        });
        request.on("error", (error) => end(broken(reasonOf(error))));
        request.on("response", (response) => {
          void textOf(response).then(
            (text) =>
              end({
                ...{ kind: "answer", status: response.statusCode ?? 0, milliseconds: milliseconds() },
                told: toldBy(response, question.isHealth ? text : ""),
                byEdge: /^(awselb|cloudfront)\b/i.test(String(response.headers["server"])),
              }),
            (error: unknown) => end(broken(reasonOf(error))),
          );
        });
        request.end();
      }),
    close: () => agent.destroy(),
  };
}

/** The beginning of an answer, once all of it is there. */
async function textOf(response: IncomingMessage): Promise<string> {
  const read: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (size < READ) read.push(chunk);
    size += chunk.length;
  }
  return Buffer.concat(read).toString("utf8");
}

/**
 * Who answered, by the headers `x-colour` and `x-version`, or the same without `x-` in JSON; as plain lines, since what
 * anybody's service says there becomes evidence.
 */
function toldBy({ headers }: IncomingMessage, text: string): Told {
  const body = recordIn(text);
  const tell = (name: "colour" | "version") => {
    const value = headers[`x-${name}`] ?? body[name];
    const said = typeof value === "string" ? plainLine(value, SAID) : "";
    return said === "" ? {} : { [name]: said };
  };
  return { ...tell("colour"), ...tell("version") };
}

function recordIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
