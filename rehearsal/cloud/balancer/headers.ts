import type { IncomingMessage } from "node:http";
import type { Listener } from "./resources";

/** Headers that concern one connection only and so must not be passed on. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  // Node's server has already answered 100 Continue.
  "expect",
]);

const FORWARDED = new Set(["x-forwarded-for", "x-forwarded-proto", "x-forwarded-port"]);

/** The headers of a request as they go to the target, as Node takes them: names and values in turn. */
export function headersForTarget(request: IncomingMessage, listener: Listener): string[] {
  const headers = passedOn(request.rawHeaders, FORWARDED);
  const client = request.socket.remoteAddress ?? "";
  const before = request.headers["x-forwarded-for"];
  headers.push("X-Forwarded-For", before ? `${String(before)}, ${client}` : client);
  // HTTPS listeners are plain HTTP on loopback, since no client here would trust a certificate made for
  // the rehearsal; a target is told the listener's protocol all the same, as it would be on AWS.
  headers.push("X-Forwarded-Proto", listener.protocol.toLowerCase());
  headers.push("X-Forwarded-Port", String(listener.port));
  if (request.headers["transfer-encoding"]) headers.push("Transfer-Encoding", "chunked");
  return headers;
}

/** The headers of a target's answer as they go to the client, with the stickiness cookie if there is one. */
export function headersForClient(response: IncomingMessage, cookie: string | undefined): string[] {
  const headers = passedOn(response.rawHeaders);
  if (cookie) headers.push("Set-Cookie", cookie);
  return headers;
}

function passedOn(raw: readonly string[], without?: ReadonlySet<string>): string[] {
  const headers: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string;
    const lower = name.toLowerCase();
    if (!HOP_BY_HOP.has(lower) && !without?.has(lower)) headers.push(name, raw[i + 1] as string);
  }
  return headers;
}
