import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readText } from "node:stream/consumers";

/** What a rollback changes in AWS, in its order. */
export const EFFECTS = ["PutParameter", "ModifyRule"] as const;

/** Something that stands before an endpoint. */
export interface Between {
  readonly url: string;
  close(): Promise<void>;
}

/** Stands before the endpoint, and tells of each effect when it has happened and nobody has been told of it. */
export async function between(endpoint: string, happened: (effect: string) => void): Promise<Between> {
  const server = createServer((request, response) => {
    void (async () => {
      const body = await readText(request);
      const { host: _, connection: __, "content-length": ___, ...headers } = request.headers;
      const answer = await fetch(endpoint, {
        method: "POST",
        headers: headers as Record<string, string>,
        body,
      });
      const asked = `${String(request.headers["x-amz-target"])} ${body}`;
      const effect = EFFECTS.find((name) => asked.includes(name));
      if (effect) happened(effect);
      response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" });
      response.end(await answer.text());
    })();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
