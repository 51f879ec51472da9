import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What whoever knows it can post by. */
export const TOKEN = "T0AB/B0CD/xoxSecretxox";

/** A real server that stands where Slack does. */
export interface Slack {
  /** Of the webhook, with its token. */
  readonly url: string;
  /** Bodies that were sent to the webhook, in their order. */
  readonly sent: { readonly text: string; readonly attachments: readonly Attachment[] }[];
  /** Paths that were asked for. */
  readonly paths: string[];
  close(): Promise<void>;
}

interface Attachment {
  readonly color: string;
  readonly fallback: string;
  readonly blocks: readonly {
    type: string;
    text?: { text: string };
    elements?: readonly { text: string }[];
  }[];
}

/** @param answer to one request, the first of which is number 1 */
export async function slackServer(
  answer: (response: ServerResponse, count: number) => void = (response) => void response.end("ok"),
): Promise<Slack> {
  const sent: Slack["sent"] = [];
  const paths: string[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    paths.push(request.url ?? "");
    void text(request).then((body) => {
      if (body !== "") sent.push(JSON.parse(body) as Slack["sent"][number]);
      answer(response, paths.length);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/services/${TOKEN}`,
    sent,
    paths,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
