import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { usePace } from "../../cloud/clock";
import { Prometheus } from "../../cloud/prometheus";
import { freePort } from "./prometheus-server";

describe("Prometheus, by an answer that is none", () => {
  /** Serves one answer to everything, and asks for a number. */
  async function asking(
    respond: Parameters<typeof createServer>[1],
    { path = "", seconds = 10, query = "up" } = {},
  ): Promise<number> {
    const server = createServer(respond);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    try {
      return (await new Prometheus(`http://ana:s%3Acret@127.0.0.1:${port}${path}`, seconds).number(query))
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

  it("asks for the machine's time where a release's passes faster, and leaves what is no time alone", async () => {
    const asked = async (query: string) => {
      const heard: (string | null)[] = [];
      const answer: Parameters<typeof createServer>[1] = ({ url = "" }, response) => {
        heard.push(new URL(url, "http://it").searchParams.get("query"));
        response.end(data({}));
      };
      await asking(answer, { query });
      return heard[0];
    };
    const rate = 'rate(job:seconds:5m{code=~"[4-5]..",path="/1m"}[5m] offset 1h) + max_over_time(up[1d:30s])';
    assert.equal(await asked(rate), rate);
    usePace({ speed: 20, beginning: Date.parse("2026-03-01T18:00:00Z") });
    try {
      assert.equal(
        await asked(rate),
        'rate(job:seconds:5m{code=~"[4-5]..",path="/1m"}[15000ms] offset 180000ms) + ' +
          "max_over_time(up[4320000ms:1500ms])",
      );
    } finally {
      usePace(undefined);
    }
  });
});
