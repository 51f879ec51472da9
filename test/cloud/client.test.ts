import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { ATTEMPTS, clientConfig } from "../../cloud/client";
import { REGION, pointAt } from "./readers-fixture";

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

/** As short as tests may take, in milliseconds. */
const PATIENCE = 200;

const VALUE = JSON.stringify({ Parameter: { Name: "/a", Value: "x".repeat(200) } });
const HEAD = { "content-type": "application/x-amz-json-1.1", "content-length": String(VALUE.length) };

describe("a client before a cloud that does not answer in time", () => {
  const servers: (() => unknown)[] = [];
  afterEach(() => servers.splice(0).forEach((end) => end()));

  /** Asks a server that answers so, with all times of a client's but its attempts cut short. */
  const ask = async (answer: Answer) => {
    let requests = 0;
    const server = createServer((request, response) => {
      requests += 1;
      answer(request, response);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const putBack = pointAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const { requestHandler, ...config } = clientConfig(REGION);
    const times = { requestTimeout: PATIENCE, socketTimeout: PATIENCE };
    const client = new SSMClient({ ...config, requestHandler: { ...requestHandler, ...times } });
    servers.push(() => {
      client.destroy();
      server.closeAllConnections();
      server.close();
      putBack();
    });
    const began = performance.now();
    const asked = client.send(new GetParameterCommand({ Name: "/a" }));
    const value = await asked.then(
      ({ Parameter }) => Parameter?.Value,
      (error: unknown) => (error as Error).name,
    );
    return { value, requests, milliseconds: performance.now() - began };
  };

  it("gives up after as many attempts as it has, where nothing comes", async () => {
    const { value, requests, milliseconds } = await ask(() => undefined);
    assert.deepEqual([value, requests], ["TimeoutError", ATTEMPTS.looking]);
    assert.ok(milliseconds < 2_000, `${milliseconds} ms`);
  });

  it("gives up where an answer begins and does not go on", async () => {
    const { value, milliseconds } = await ask((_, response) => {
      response.writeHead(200, HEAD).write(VALUE.slice(0, 9));
    });
    assert.equal(value, "TimeoutError");
    assert.ok(milliseconds < 2_000, `${milliseconds} ms`);
  });

  it("waits for an answer that takes longer in all, as long as it comes", async () => {
    const { value, requests, milliseconds } = await ask(async (_, response) => {
      response.writeHead(200, HEAD);
      for (let at = 0; at < VALUE.length; at += 40) {
        response.write(VALUE.slice(at, at + 40));
        await pause(PATIENCE / 2);
      }
      response.end();
    });
    assert.deepEqual([value, requests], ["x".repeat(200), 1]);
    assert.ok(milliseconds > 2 * PATIENCE, `${milliseconds} ms`);
  });

  it("has two calls that hang, one after the other, over before a watcher's function is ended", () => {
    const longest = (attempts: number) =>
      attempts * clientConfig(REGION, attempts).requestHandler.requestTimeout;
    // What a fall of a flag is: a look that hangs, then a change that hangs, with up to 13 s between the attempts of either.
    assert.ok(2 * (longest(ATTEMPTS.insisting) + 13_000) < 150_000);
    assert.equal(longest(ATTEMPTS.looking), 20_000);
  });
});
