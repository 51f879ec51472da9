import { type IncomingMessage, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/** A comment or an issue as GitHub's API has it. */
export interface Written {
  readonly id: number;
  readonly number?: number;
  readonly title?: string;
  body: string;
  state?: string;
  readonly user: { readonly type: "Bot" | "User" };
}

/** GitHub's API on loopback, as far as comments and issues need it. */
export interface LocalGitHub {
  readonly url: string;
  /** By pull request. */
  readonly comments: Readonly<Record<number, Written[]>>;
  readonly issues: Written[];
  close(): Promise<void>;
}

/** Starts it, empty. */
export async function localGitHub(): Promise<LocalGitHub> {
  const comments: Record<number, Written[]> = {};
  const issues: Written[] = [];
  let last = 0;
  const answer = async (request: IncomingMessage): Promise<unknown> => {
    const path = (request.url ?? "").replace(/^\/repos\/[^/]+\/[^/]+\//, "").split("?")[0] ?? "";
    const sent = request.method === "GET" ? {} : ((await json(request)) as Partial<Written>);
    const id = () => (last += 1);
    const pull = /^issues\/(\d+)\/comments$/.exec(path)?.[1];
    if (pull !== undefined) {
      const there = (comments[Number(pull)] ??= []);
      if (request.method === "GET") return there;
      there.push({ id: id(), body: sent.body ?? "", user: { type: "Bot" } });
      return there.at(-1);
    }
    const comment = /^issues\/comments\/(\d+)$/.exec(path)?.[1];
    if (comment !== undefined) {
      const found = Object.values(comments)
        .flat()
        .find((one) => one.id === Number(comment));
      if (found && request.method === "PATCH") return Object.assign(found, { body: sent.body ?? "" });
    }
    if (path === "issues" && request.method === "GET") return issues.filter(({ state }) => state === "open");
    if (path === "issues") {
      const number = id();
      const { title = "", body = "" } = sent;
      issues.push({ ...{ id: number, number, title, body, state: "open" }, user: { type: "Bot" } });
      return issues.at(-1);
    }
    const issue = issues.find(({ number }) => path === `issues/${String(number)}`);
    return issue && Object.assign(issue, sent);
  };
  const server = createServer((request, response) => {
    void answer(request).then((body) => {
      response.writeHead(body === undefined ? 404 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(body ?? { message: "Not Found" }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ url: `http://127.0.0.1:${port}`, comments, issues },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
