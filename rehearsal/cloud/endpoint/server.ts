import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readText } from "node:stream/consumers";
import type { Faults } from "../faults";
import type { World } from "../world";
import { answerAws, type Answer } from "./aws";
import { localRoutes, type Routes } from "./local";
import type { Service } from "./service";

export type { Routes } from "./local";

/** What a route answers with where it is not JSON. */
export class Text {
  /** @param type for the header `content-type` */
  constructor(
    readonly text: string,
    readonly type: string,
  ) {}
}

/** The endpoint, as it is reached. */
export interface Endpoint {
  /** For `AWS_ENDPOINT_URL`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves AWS's API for the local cloud, on 127.0.0.1: ELBv2, SNS, SSM and STS as their SDKs speak to them, more where it is given, and
 * under `/_local/` the rehearsal's own control API, in JSON, which AWS does not have.
 *
 * @param extra more routes under `/_local/`, by method and path.
 * @param services more services of AWS, that need more than the world
 */
export async function serveEndpoint(
  world: World,
  faults: Faults,
  extra: Routes = {},
  services: readonly Service[] = [],
): Promise<Endpoint> {
  const routes = { ...localRoutes(world, faults), ...extra };
  const server = createServer((request, response) => {
    const aws = (body: string) => answerAws(request.headers, body, world, faults, services);
    void handle(request, routes, aws).then((answer) => send(response, answer));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(
  request: IncomingMessage,
  routes: Routes,
  aws: (body: string) => Answer,
): Promise<Answer> {
  const url = new URL(request.url ?? "/", "http://local");
  const body = await readText(request).catch(() => "");
  if (!url.pathname.startsWith("/_local/")) return aws(body);
  const route = routes[`${request.method} ${url.pathname}`];
  if (!route) {
    return json(404, { error: `No such route; there are: ${Object.keys(routes).join(", ")}` });
  }
  try {
    const sent: unknown = body === "" ? undefined : JSON.parse(body);
    const told = (await route({ query: url.searchParams, body: sent })) ?? {};
    return told instanceof Text ? { ...json(200, {}), type: told.type, body: told.text } : json(200, told);
  } catch (error) {
    return json(400, { error: (error as Error).message });
  }
}

const json = (status: number, body: unknown): Answer => ({
  status,
  type: "application/json",
  body: JSON.stringify(body),
  requestId: randomUUID(),
});

function send(response: ServerResponse, { status, type, body, requestId }: Answer): void {
  response.writeHead(status, {
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    "x-amzn-requestid": requestId,
  });
  response.end(body);
}
