import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Prometheus } from "../../cloud/prometheus";
import { freePort } from "./prometheus-server";

describe("Prometheus, by an answer that is none", () => {
  /** Serves one answer to everything, and asks for a number. */
  async function asking(
    respond: Parameters<typeof createServer>[1],
    { path = "", seconds = 10 } = {},
  ): Promise<number> {
    const server = createServer(respond);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    try {
      return (await new Prometheus(`http://ana:s%3Acret@127.0.0.1:${port}${path}`, seconds).number("up"))
        .value;
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }
  const body = (text: string, status = 200) => asking((_, response) => response.writeHead(status).end(text));
  const data = (more: object, result: unknown = [{ metric: {}, value: [1, "2"] }]) =>
    JSON.stringify({ status: "success", data: { resultType: "vector", result }, ...more });

  it("refuses an answer with a warning: something was left out", async () => {
    assert.equal(await body(data({})), 2);
    await assert.rejects(body(data({ warnings: ["store down"] })), /it answers with a warning: store down/);
  });

  it("refuses what is no answer of a Prometheus", async () => {
    await assert.rejects(body("<html>", 502), /it answers 502 without JSON, so it may be no Prometheus/);
    await assert.rejects(body('{"status":"success"}'), /without data/);
    await assert.rejects(body(data({}, [{ metric: {} }])), /which is no series with a value/);
    const busy = JSON.stringify({ status: "error", errorType: "timeout", error: "query timed out" });
    await assert.rejects(body(busy, 503), /it refuses: 503 timeout: query timed out/);
  });

  it("refuses an answer that does not come in time, whole or in part", async () => {
    await assert.rejects(
      asking(() => undefined, { seconds: 0.2 }),
      /no answer of 127\.0\.0\.1:\d+ within 0\.2 s/,
    );
    const part = (_: unknown, response: { write(text: string): unknown }) => void response.write("{");
    await assert.rejects(asking(part, { seconds: 0.2 }), /within 0\.2 s/);
  });

  it("says that nobody answers, and does not say the password", async () => {
    const nobody = new Prometheus(`http://ana:secret@127.0.0.1:${await freePort()}`);
    await assert.rejects(nobody.number("up"), (error: Error) => {
      assert.match(error.message, /^127\.0\.0\.1:\d+ cannot be reached: Error: connect ECONNREFUSED/);
      assert.doesNotMatch(error.message, /secret/);
      return true;
    });
  });

  it("asks below the URL's own path, by the user and password that it has", async () => {
    const heard: (string | undefined)[] = [];
    await asking(
      ({ url, headers }, response) => {
        heard.push(url?.split("?")[0], headers.authorization);
        response.end(data({}));
      },
      { path: "/tenant" },
    );
    assert.deepEqual(heard, [
      "/tenant/api/v1/query",
      `Basic ${Buffer.from("ana:s:cret").toString("base64")}`,
    ]);
  });
});
