import assert from "node:assert/strict";
import { type RequestListener, type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { sum } from "../../rehearsal/traffic/counts";
import { nextRate } from "../../rehearsal/traffic/throttle";
import { type Traffic, type TrafficOptions, startTraffic } from "../../rehearsal/traffic/traffic";
import * as edge from "./balancer-fixture";

const { putRule, startEdge, startPod, weighted } = edge;

describe("traffic's users", () => {
  const running: Traffic[] = [];
  const servers: Server[] = [];
  const start = (options: TrafficOptions): Traffic => {
    const traffic = startTraffic({ sessions: 20, ...options });
    running.push(traffic);
    return traffic;
  };
  const answering = async (answer: RequestListener): Promise<string> => {
    const server = createServer(answer).listen(0, "127.0.0.1");
    servers.push(server);
    await new Promise((resolve) => server.once("listening", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  };
  afterEach(async () => {
    try {
      await Promise.all(running.splice(0).map((traffic) => traffic.stop()));
    } finally {
      for (const server of servers.splice(0)) {
        server.closeAllConnections();
        server.close();
      }
      await edge.endAll();
    }
  });

  it("keeps the order of first assignments, by service and as they were asked for", async () => {
    // Whoever is green answers late, so that answers come in another order than requests.
    let asked = 0;
    const url = await answering((request, response) => {
      const isGreen = (asked += 1) % 2 === 0;
      const late = isGreen ? 60 : 0;
      setTimeout(() => response.writeHead(200, { "x-colour": isGreen ? "green" : "blue" }).end(), late);
    });
    const traffic = start({ targets: [{ service: "api", url }], sessions: 6, ratePerSecond: 300 });
    const end = traffic.measure("order");
    await sleep(600);
    await traffic.stop();
    const { sequences, assigned } = await end();
    assert.equal(sequences["api"]?.length, sum(assigned));
    const turns = sequences["api"].map((colour, at) => colour === (at % 2 === 0 ? "blue" : "green"));
    const inTurn = turns.filter(Boolean).length / turns.length;
    assert.ok(Math.max(inTurn, 1 - inTurn) > 0.9, `${turns.length} answers, ${inTurn} of them in turn`);
  });

  it("counts a request that another colour answers than the session was bound to", async () => {
    let asked = 0;
    const url = await answering((request, response) => {
      const first = request.headers.cookie === undefined;
      const strays = !first && (asked += 1) % 5 === 0;
      const cookie = "AWSALBTG=x; Max-Age=60";
      response.writeHead(200, {
        "x-colour": strays ? "green" : "blue",
        ...(first && { "set-cookie": cookie }),
      });
      response.end();
    });
    const traffic = start({ targets: [{ service: "api", url }], sessions: 5, ratePerSecond: 300 });
    await sleep(500);
    await traffic.stop();
    const { strays, requests } = traffic.counts();
    assert.ok(strays.length > 0, "some strayed");
    assert.equal(strays.length, requests.green);
    for (const { from, started, ended } of strays) assert.ok(from === "blue" && started <= ended);
  });

  it("does not count one whose cookie ended on the way", async () => {
    const url = await answering((request, response) => {
      const first = request.headers.cookie === undefined;
      const headers = first
        ? { "x-colour": "blue", "set-cookie": "AWSALBTG=x; Max-Age=0.2" }
        : { "x-colour": "green" };
      setTimeout(() => response.writeHead(200, headers).end(), first ? 0 : 250);
    });
    const traffic = start({ targets: [{ service: "api", url }], sessions: 5, ratePerSecond: 300 });
    await sleep(800);
    await traffic.stop();
    const { strays, requests } = traffic.counts();
    assert.ok(requests.green > 0, "some were bound when they were sent");
    assert.deepEqual(strays, []);
  });

  it("keeps every session with its colour as long as both have a share", async () => {
    const world = edge.edgeWorld();
    putRule(world, "r", 10, weighted(50, 50, 60));
    await Promise.all([startPod(world, "blue"), startPod(world, "green")]);
    const { url } = await startEdge(world);
    await edge.allHealthy(world, "blue", "green");
    const traffic = start({ targets: [{ service: "api", url }], thinkMs: 1 });
    await sleep(300);
    putRule(world, "r", 10, weighted(10, 90, 60));
    await sleep(300);
    const before = traffic.counts();
    assert.ok(before.requests.blue > 0 && before.requests.green > 0);
    assert.deepEqual(before.strays, []);
    putRule(world, "r", 10, weighted(0, 100));
    await sleep(300);
    await traffic.stop();
    const left = new Set(traffic.counts().strays.map(({ from }) => from));
    assert.deepEqual([...left], ["blue"], "those of a colour that has lost its share must go");
  });

  it("sends more as long as answers are quick, up to the most, and less where they are not", async () => {
    let delay = 0;
    const url = await answering((_request, response) => {
      setTimeout(() => response.writeHead(200, { "x-colour": "blue" }).end(), delay);
    });
    const traffic = start({
      targets: [{ service: "api", url }],
      sessions: 20,
      rates: { least: 50, most: 80 },
    });
    const second = async () => {
      const end = traffic.measure(`after ${performance.now()}`);
      await sleep(1_000);
      return sum((await end()).requests);
    };
    const first = await second();
    for (let i = 0; i < 3; i += 1) await second();
    const later = await second();
    assert.ok(later > first && later < 110, `${first} in the first second, ${later} in the fifth`);
    delay = 150;
    for (let i = 0; i < 4; i += 1) await second();
    const slow = await second();
    assert.ok(slow < later && slow > 25, `${later} while answers were quick, ${slow} while they were slow`);
  }).timeout(20_000);

  it("stay and think as long as another time with the same seed, and not with another", async () => {
    /** How many requests the first users of a service make, in their order. */
    const visits = async (seed: number): Promise<number[]> => {
      const lengths: number[] = [];
      const url = await answering((request, response) => {
        const first = request.headers.cookie === undefined;
        if (first) lengths.push(0);
        lengths[lengths.length - 1] = (lengths.at(-1) ?? 0) + 1;
        const cookie = { "set-cookie": "AWSALBTG=x; Max-Age=60" };
        response.writeHead(200, { "x-colour": "blue", ...(first && cookie) }).end();
      });
      const traffic = start({ targets: [{ service: "api", url }], sessions: 1, thinkMs: 1, seed });
      while (lengths.length < 9) await sleep(10);
      await traffic.stop();
      return lengths.slice(0, 8);
    };
    const once = await visits(7);
    assert.deepEqual(await visits(7), once);
    assert.notDeepEqual(await visits(8), once);
  });
});

describe("a rate that follows what the machine can bear", () => {
  const rates = { least: 100, most: 1_500 };
  const times = fc.array(fc.double({ min: 0, max: 10_000, noNaN: true }));

  it("stays between the least and the most, whatever answers take", () => {
    fc.assert(
      fc.property(fc.array(times, { maxLength: 30 }), (seconds) => {
        const rate = seconds.reduce((rate, took) => nextRate(rate, took, rates), rates.least);
        return rate >= rates.least && rate <= rates.most;
      }),
    );
  });

  it("is never higher where every answer takes longer", () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 1_500 }), times, (rate, took) => {
        const slower = took.map((milliseconds) => 2 * milliseconds + 1);
        return nextRate(rate, slower, rates) <= nextRate(rate, took, rates);
      }),
    );
  });

  it("does not fall because one colour of two answers late, or nobody asks", () => {
    const took = [...Array<number>(50).fill(5), ...Array<number>(50).fill(4_000)];
    assert.equal(nextRate(800, took, rates), 1_040);
    assert.equal(nextRate(800, [], rates), 800);
  });

  it("is at the most after twelve quick seconds, and at the least after as many slow ones", () => {
    const after = (rate: number, took: number) =>
      Array.from({ length: 12 }).reduce<number>((now) => nextRate(now, [took], rates), rate);
    assert.equal(after(rates.least, 5), rates.most);
    assert.equal(after(rates.most, 1_000), rates.least);
  });
});
