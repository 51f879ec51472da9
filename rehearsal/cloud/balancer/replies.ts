import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { Action, Listener } from "./resources";
import type { RequestFacts } from "./rules";

/** What the load balancer itself answers, without a target. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** AWS's own page for an error of the load balancer, such as 503. */
export function errorReply(status: number, detail = ""): Reply {
  const title = `${status} ${STATUS_CODES[status] ?? ""}`;
  const text = detail ? `\n<p>${detail.replace(/&/g, "&amp;").replace(/</g, "&lt;")}</p>` : "";
  const body = `<html>\n<head><title>${title}</title></head>\n<body>\n<center><h1>${title}</h1></center>${text}\n</body>\n</html>\n`;
  return { status, headers: { "content-type": "text/html" }, body };
}

/** A fixed-response action's answer. */
export function fixedReply(action: NonNullable<Action["fixedResponse"]>): Reply {
  const headers = { "content-type": action.contentType };
  return { status: Number(action.statusCode), headers, body: action.messageBody ?? "" };
}

/**
 * A redirect action's answer. The `#{…}` parts are filled from the request as the client meant it: the
 * listener's configured port and protocol, not those on loopback.
 */
export function redirectReply(
  action: NonNullable<Action["redirect"]>,
  request: RequestFacts,
  listener: Listener,
): Reply {
  const parts: Record<string, string> = {
    protocol: listener.protocol,
    host: request.host,
    port: String(listener.port),
    path: request.path.replace(/^\//, ""),
    query: request.query.toString(),
  };
  const fill = (text: string | undefined, otherwise: string) =>
    (text ?? otherwise).replace(/#\{(\w+)\}/g, (whole, name: string) => parts[name] ?? whole);
  const protocol = fill(action.protocol, "#{protocol}").toLowerCase();
  const query = fill(action.query, "#{query}");
  const location =
    `${protocol}://${fill(action.host, "#{host}")}:${fill(action.port, "#{port}")}` +
    `${fill(action.path, "/#{path}")}${query ? `?${query}` : ""}`;
  const status = action.statusCode === "HTTP_301" ? 301 : 302;
  return { ...errorReply(status), headers: { "content-type": "text/html", location } };
}

/** Sends a reply; the `server` header tells a client, as on AWS, that no target answered. */
export function send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  request.resume();
  response.writeHead(reply.status, {
    ...reply.headers,
    server: "awselb/2.0",
    "content-length": Buffer.byteLength(reply.body),
  });
  response.end(request.method === "HEAD" ? undefined : reply.body);
}
