import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CookieJar } from "../../rehearsal/traffic/cookies";
import { observedShare, sum } from "../../rehearsal/traffic/counts";
import { binomialInterval, FAILING_RISK } from "../../rehearsal/traffic/interval";
import {
  type Counts,
  startTraffic,
  type Traffic,
  type TrafficOptions,
} from "../../rehearsal/traffic/traffic";
import * as edge from "./balancer-fixture";

const { ARNS, putRule, startPod, startEdge, weighted } = edge;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("a session's cookie jar", () => {
  it("keeps cookies until they expire, and the latest value of each", () => {
    let now = Date.parse("2026-01-01T00:00:00Z");
    const jar = new CookieJar(() => now);
    assert.equal(jar.header(), undefined);
    jar.take(["a=1; Expires=Thu, 01 Jan 2026 00:01:00 GMT; Path=/", "b=2"]);
    jar.take("c=x=y; Max-Age=5");
    jar.take("b=3");
    assert.equal(jar.header(), "a=1; b=3; c=x=y");
    now += 5_000;
    assert.equal(jar.header(), "a=1; b=3");
    now += 55_000;
    assert.ok(!jar.has("a") && jar.has("b"));
  });
});

describe("traffic", () => {
  const running: Traffic[] = [];
  const start = (options: TrafficOptions): Traffic => {
    const traffic = startTraffic({ sessions: 20, ...options });
    running.push(traffic);
    return traffic;
  };
  afterEach(async () => {
    try {
      await Promise.all(running.splice(0).map((traffic) => traffic.stop()));
    } finally {
      await edge.endAll();
    }
  });

  it("counts each request once, the load balancer's own count agrees, and the share is the configured one", async () => {
    const world = edge.edgeWorld();
    putRule(world, "r", 10, weighted(75, 25, 60));
    await Promise.all([startPod(world, "blue"), startPod(world, "green")]);
    const { url, balancer } = await startEdge(world);
    await edge.allHealthy(world, "blue", "green");
    const traffic = start({ targets: [{ service: "api", url }], thinkMs: 1, requestsPerSession: 4 });
    await sleep(1500);
    await traffic.stop();
    const { services, sequences: _, strays: __, ...total } = traffic.counts();
    const groups = balancer.counts();
    assert.equal(sum(total.failed), 0);
    assert.equal(total.requests.blue, groups[ARNS.blue]?.requests);
    assert.equal(total.requests.green, groups[ARNS.green]?.requests);
    assert.equal(total.assigned.green, groups[ARNS.green]?.weighted);
    assert.deepEqual(services, { api: total });
    const assigned = sum(total.assigned);
    assert.ok(assigned > 50 && assigned < sum(total.requests), `${assigned} were assigned`);
    const { low, high } = binomialInterval(assigned, 25, FAILING_RISK);
    const share = observedShare(total) ?? NaN;
    assert.ok(
      share >= low && share <= high,
      `green had ${share} % of ${assigned}, not within ${low}–${high} %`,
    );
  });

  it("has each request in exactly one lap, however short laps are", async () => {
    const world = edge.edgeWorld();
    putRule(world, "r", 10, weighted(1, 0));
    await startPod(world, "blue");
    const { url } = await startEdge(world);
    await edge.allHealthy(world, "blue");
    const traffic = start({ targets: [{ service: "api", url }], ratePerSecond: 400 });
    const laps: Counts[] = [];
    for (const ms of [200, 0, 100, 1]) {
      await sleep(ms);
      laps.push(await traffic.lap());
    }
    await traffic.stop();
    laps.push(await traffic.lap());
    const requests = laps.map((lap) => sum(lap.requests));
    assert.ok((requests[0] ?? 0) > 20, requests.join());
    assert.equal(
      requests.reduce((total, some) => total + some, 0),
      sum(traffic.counts().requests),
    );
  });

  it("sees no failure when targets are drained before they stop", async () => {
    const world = edge.edgeWorld({ deregistrationDelay: 0.5 });
    putRule(world, "r", 10, weighted(1, 0));
    const leaving = await startPod(world, "blue");
    await startPod(world, "blue");
    const { url } = await startEdge(world);
    await edge.allHealthy(world, "blue");
    const traffic = start({ targets: [{ service: "api", url }], ratePerSecond: 400 });
    const counted = traffic.measure("a drained target");
    await sleep(200);
    world.deregister(ARNS.blue, leaving);
    await sleep(300);
    leaving.kill();
    await sleep(200);
    const counts = await counted();
    assert.ok(counts.requests.blue > 50);
    assert.equal(sum(counts.failed), 0);
  });

  it("sees failures when a target is killed without draining", async () => {
    const world = edge.edgeWorld();
    putRule(world, "r", 10, weighted(1, 0));
    const leaving = await startPod(world, "blue");
    await startPod(world, "blue");
    const { url } = await startEdge(world);
    await edge.allHealthy(world, "blue");
    const traffic = start({ targets: [{ service: "api", url }], ratePerSecond: 400 });
    const counted = traffic.measure("a killed target");
    await sleep(200);
    leaving.kill();
    await sleep(500);
    const counts = await counted();
    assert.ok(sum(counts.failed) > 0, "no request failed");
    assert.ok(sum(counts.failed) < sum(counts.requests));
  });

  it("counts a failure under the colour that the session's cookie led to, else as unknown", async () => {
    const world = edge.edgeWorld({ healthCheck: { interval: 60 } });
    putRule(world, "r", 10, weighted(0, 1, 60));
    const pod = await startPod(world, "green");
    const { url } = await startEdge(world);
    const traffic = start({ targets: [{ service: "api", url }], requestsPerSession: 5 });
    await sleep(200);
    const counted = traffic.measure("a killed target");
    pod.kill();
    await sleep(300);
    const { failed, requests } = await counted();
    assert.ok(failed.green > 0, "none of the failures was counted as green's");
    assert.ok(failed.unknown > 0, "none of the failures was unknown");
    assert.equal(failed.unknown, requests.unknown);
    assert.equal(failed.blue, 0);
  });

  it("counts timeouts and statuses other than 2xx and 3xx as failed, by service", async () => {
    const server = createServer((request, response) => {
      if (request.headers.host === "silent.example.com") return;
      response.writeHead(request.url === "/moved" ? 302 : 404, { "x-colour": "blue" }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const traffic = start({
      targets: [
        { service: "silent", url, headers: { host: "silent.example.com" } },
        { service: "missing", url: `${url}/missing` },
        { service: "moved", url: `${url}/moved` },
      ],
      sessions: 6,
      requestsPerSession: 1000,
      timeoutSeconds: 0.5,
    });
    await sleep(1800);
    await traffic.stop();
    server.close();
    const { silent, missing, moved } = traffic.counts().services;
    assert.ok(silent && silent.failed.unknown > 0);
    assert.equal(silent.failed.unknown, silent.requests.unknown);
    assert.ok(missing && missing.failed.blue > 0);
    assert.equal(missing.failed.blue, missing.requests.blue);
    assert.ok(moved && moved.requests.blue > 0);
    assert.equal(moved.failed.blue, 0);
  });

  it("gives a measurement exactly the requests that start in it, in flight or not", async () => {
    const world = edge.edgeWorld();
    putRule(world, "r", 10, weighted(1, 0));
    const pod = await startPod(world, "blue", (_, response) => void setTimeout(() => response.end(), 50));
    const { url } = await startEdge(world);
    const traffic = start({ targets: [{ service: "api", url }] });
    const parts: Promise<Counts>[] = [];
    for (const name of ["a", "b", "c"]) {
      const counted = traffic.measure(name);
      assert.throws(() => traffic.measure(name), new RegExp(`"${name}" is being measured already`));
      await sleep(120);
      // Closed at once; the requests in flight belong to it, those that start from now on to the next.
      parts.push(counted());
    }
    const rest = traffic.measure("rest");
    await traffic.stop();
    const requests = (await Promise.all([...parts, rest()])).map((counts) => sum(counts.requests));
    assert.ok(requests.slice(0, 3).every((count) => count > 0));
    const total = requests.reduce((all, count) => all + count, 0);
    assert.deepEqual([total, total], [sum(traffic.counts().requests), pod.seen.length]);
  });

  it("starts nothing between quiesce and resume, and keeps to its rate", async () => {
    const world = edge.edgeWorld();
    putRule(world, "r", 10, weighted(1, 0));
    const pod = await startPod(world, "blue");
    const { url } = await startEdge(world);
    const traffic = start({ targets: [{ service: "api", url }], ratePerSecond: 200 });
    await sleep(1000);
    await traffic.quiesce();
    const before = pod.seen.length;
    assert.ok(before > 100 && before < 300, `${before} requests in the first second at 200/s`);
    await sleep(200);
    assert.equal(pod.seen.length, before);
    assert.equal(sum(traffic.counts().requests), before);
    traffic.resume();
    await sleep(300);
    assert.ok(pod.seen.length > before);
  });

  it("refuses to start without a target or a session", () => {
    assert.throws(() => startTraffic({ targets: [] }), /targets is empty/);
    const targets = [{ service: "api", url: "http://127.0.0.1:1" }];
    assert.throws(() => startTraffic({ targets, sessions: 0 }), /sessions is 0/);
  });
});
