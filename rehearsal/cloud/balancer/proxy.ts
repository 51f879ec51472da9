import { Agent, type IncomingMessage, request as httpRequest, type ServerResponse } from "node:http";
import { headersForClient, headersForTarget } from "./headers";
import type { InFlight } from "./inflight";
import { errorReply, send } from "./replies";
import type { Listener } from "./resources";
import type { Router } from "./router";

/** AWS gives a target 10 s to take a connection. */
export const CONNECT_SECONDS = 10;

/**
 * Forwards requests to targets over connections that are kept alive. It is Node's own client rather
 * than a proxy library: what an ALB answers when a target resets (502) or keeps silent (504), and
 * cutting off a target whose draining is over, need the request itself in hand.
 */
export class Proxy {
  readonly #agent = new Agent({ keepAlive: true });

  constructor(
    private readonly router: Router,
    private readonly inFlight: InFlight,
  ) {}

  /** Answers one request, from a target or with the load balancer's own reply. */
  serve(request: IncomingMessage, response: ServerResponse, listener: Listener, idleMs: number): void {
    const route = this.router.route(request, listener);
    if ("reply" in route) {
      if (route.groupArn) this.router.counts.failed(route.groupArn);
      send(request, response, route.reply);
      return;
    }
    const { target, groupArn, cookie } = route;
    const { counts, measurements } = this.router;
    const sent = performance.now();
    const outgoing = httpRequest({
      agent: this.#agent,
      host: target.id,
      port: target.port,
      method: request.method,
      path: request.url,
      headers: headersForTarget(request, listener),
      timeout: idleMs,
    });
    const over = this.inFlight.begin(target, () => outgoing.destroy());
    let timedOut = false;
    const fail = () => {
      // A half-sent answer can only be broken off.
      if (response.headersSent) response.destroy();
      else {
        counts.failed(groupArn);
        send(request, response, errorReply(timedOut ? 504 : 502));
      }
    };
    const giveUp = () => {
      timedOut = true;
      outgoing.destroy();
    };
    const connection = limitConnecting(outgoing, giveUp);
    outgoing.on("timeout", giveUp);
    outgoing.on("error", () => {
      if (response.destroyed) return;
      if (!connection.taken) measurements.refused(groupArn);
      fail();
    });
    outgoing.on("close", over);
    outgoing.on("response", (answer) => {
      const status = answer.statusCode ?? 502;
      counts.answered(groupArn, status);
      measurements.answered(groupArn, status, performance.now() - sent);
      response.writeHead(status, answer.statusMessage, headersForClient(answer, cookie));
      // Not `pipeline`, whose AbortController for each request costs a tenth of the throughput.
      answer.on("error", () => response.destroy());
      answer.pipe(response);
    });
    // The client went away: what the target would still answer has no reader.
    response.on("close", () => {
      if (!response.writableFinished) outgoing.destroy();
    });
    if (hasBody(request)) request.pipe(outgoing);
    else outgoing.end();
  }

  close(): void {
    this.#agent.destroy();
  }
}

/**
 * Gives up a request whose connection is not there in time.
 *
 * @returns whether the target took the connection, as it is known by now
 */
export function limitConnecting(
  outgoing: ReturnType<typeof httpRequest>,
  giveUp: () => void,
): { readonly taken: boolean } {
  const connection = { taken: false };
  outgoing.on("socket", (socket) => {
    if (!socket.connecting) {
      connection.taken = true;
      return;
    }
    const timer = setTimeout(giveUp, CONNECT_SECONDS * 1000);
    socket.once("connect", () => {
      connection.taken = true;
      clearTimeout(timer);
    });
    outgoing.once("close", () => clearTimeout(timer));
  });
  return connection;
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
