import { type IncomingMessage, request as httpRequest } from "node:http";
import type { Duplex } from "node:stream";
import { STATUS_CODES } from "node:http";
import { headersForClient, headersForTarget } from "./headers";
import type { InFlight } from "./inflight";
import { limitConnecting } from "./proxy";
import { errorReply, type Reply } from "./replies";
import type { Listener } from "./resources";
import type { Router } from "./router";

/**
 * Forwards protocol upgrades: WebSockets. One stays with the target that it began on, whatever happens
 * to the weights, until either side closes it, it is idle for too long, or its target's draining ends.
 */
export class Upgrades {
  constructor(
    private readonly router: Router,
    private readonly inFlight: InFlight,
  ) {}

  serve(request: IncomingMessage, client: Duplex, head: Buffer, listener: Listener, idleMs: number): void {
    client.on("error", () => client.destroy());
    const route = this.router.route(request, listener);
    if ("reply" in route) {
      if (route.groupArn) this.router.counts.failed(route.groupArn);
      end(client, route.reply);
      return;
    }
    const { target, groupArn, cookie } = route;
    const { counts, measurements } = this.router;
    const sent = performance.now();
    const outgoing = httpRequest({
      agent: false,
      host: target.id,
      port: target.port,
      method: request.method,
      path: request.url,
      headers: [
        ...headersForTarget(request, listener),
        "Connection",
        "Upgrade",
        "Upgrade",
        String(request.headers.upgrade),
      ],
      timeout: idleMs,
    });
    const over = this.inFlight.begin(target, () => {
      outgoing.destroy();
      client.destroy();
    });
    client.on("close", () => outgoing.destroy());
    client.on("close", over);
    let timedOut = false;
    const giveUp = () => {
      timedOut = true;
      outgoing.destroy();
    };
    const connection = limitConnecting(outgoing, giveUp);
    outgoing.on("timeout", giveUp);
    outgoing.on("error", () => {
      if (client.destroyed) return;
      if (!connection.taken) measurements.refused(groupArn);
      counts.failed(groupArn);
      end(client, errorReply(timedOut ? 504 : 502));
    });
    const answered = (status: number) => {
      counts.answered(groupArn, status);
      measurements.answered(groupArn, status, performance.now() - sent);
    };
    outgoing.on("upgrade", (answer, upstream, upstreamHead) => {
      answered(answer.statusCode ?? 101);
      client.write(headOf(answer, [...headersForClient(answer, cookie), ...upgradeHeaders(answer)]));
      join(client, upstream, idleMs);
      client.write(upstreamHead);
      upstream.write(head);
    });
    outgoing.on("response", (answer) => {
      // The target refused the upgrade: its answer goes to the client, and the connection ends with it.
      answered(answer.statusCode ?? 502);
      client.write(headOf(answer, [...headersForClient(answer, cookie), "Connection", "close"]));
      answer.pipe(client);
    });
    outgoing.end();
  }
}

/** Lets two connections talk until one closes or both are idle. */
function join(client: Duplex, upstream: Duplex, idleMs: number): void {
  const close = () => {
    client.destroy();
    upstream.destroy();
  };
  upstream.on("error", close);
  upstream.on("close", close);
  client.on("close", close);
  if ("setTimeout" in upstream) {
    const socket = upstream as Duplex & { setTimeout(ms: number, then: () => void): void };
    socket.setTimeout(idleMs, close);
  }
  client.pipe(upstream).pipe(client);
}

const upgradeHeaders = (answer: IncomingMessage): string[] => [
  "Connection",
  "Upgrade",
  "Upgrade",
  String(answer.headers.upgrade),
];

function headOf(answer: IncomingMessage, headers: readonly string[]): string {
  const lines = [`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`];
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  return `${lines.join("\r\n")}\r\n\r\n`;
}

function end(client: Duplex, { status, headers, body }: Reply): void {
  const lines = Object.entries({ ...headers, server: "awselb/2.0", connection: "close" });
  client.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      ...lines.map(([name, value]) => `${name}: ${value}`),
      `content-length: ${Buffer.byteLength(body)}`,
      "",
      body,
    ].join("\r\n"),
  );
}
