import assert from "node:assert/strict";
import { connect } from "node:net";
import { LISTENER, LISTENER_RULE, LOAD_BALANCER } from "../../rehearsal/cloud/balancer/resources";
import { binomialInterval, FAILING_RISK } from "../../rehearsal/traffic/interval";
import * as edge from "./balancer-fixture";

const { ARNS, putRule, startPod, startEdge, weighted, until } = edge;

const colour = async (url: string, headers?: Record<string, string>): Promise<string | null> => {
  const response = await fetch(url, { headers });
  await response.arrayBuffer();
  return response.headers.get("x-colour");
};

const cookieOf = (response: Response): string => response.headers.get("set-cookie")?.split(";")[0] ?? "";

describe("load balancer", () => {
  afterEach(edge.endAll);

  it("shares requests out by weight, within the 1-10^-6 interval", async () => {
    const world = edge.edgeWorld();
    putRule(world, "r", 10, weighted(70, 30));
    await Promise.all([startPod(world, "blue"), startPod(world, "green")]);
    const { url, balancer } = await startEdge(world);
    await edge.allHealthy(world, "blue", "green");
    const requests = 1000;
    const seen: (string | null)[] = [];
    for (let i = 0; i < requests / 20; i += 1) {
      seen.push(...(await Promise.all(Array.from({ length: 20 }, () => colour(url)))));
    }
    const green = seen.filter((one) => one === "green").length;
    const { fewest, most } = binomialInterval(requests, 30, FAILING_RISK);
    assert.ok(green >= fewest && green <= most, `${green} of ${requests} is not within ${fewest}–${most}`);
    const counts = balancer.counts();
    assert.equal(counts[ARNS.green]?.requests, green);
    assert.equal(counts[ARNS.green]?.["2xx"], green);
    assert.equal(counts[ARNS.blue]?.weighted, requests - green);
  });

  it("follows a change of weights with the next request, and sends nothing to weight 0", async () => {
    const world = edge.edgeWorld();
    putRule(world, "r", 10, weighted(100, 0));
    await Promise.all([startPod(world, "blue"), startPod(world, "green")]);
    const { url } = await startEdge(world);
    for (let i = 0; i < 20; i += 1) assert.equal(await colour(url), "blue");
    putRule(world, "r", 10, weighted(0, 100));
    for (let i = 0; i < 20; i += 1) assert.equal(await colour(url), "green");
  });

  it("keeps a client with its group by cookie, at weight 0 too, and renews the cookie", async () => {
    const world = edge.edgeWorld();
    putRule(world, "r", 10, weighted(0, 100, 60));
    await Promise.all([startPod(world, "blue"), startPod(world, "green")]);
    const { url, balancer } = await startEdge(world);
    const first = await fetch(url);
    assert.equal(first.headers.get("x-colour"), "green");
    putRule(world, "r", 10, weighted(100, 0, 60));
    assert.equal(await colour(url), "blue");
    const bound = await fetch(url, { headers: { cookie: cookieOf(first) } });
    assert.equal(bound.headers.get("x-colour"), "green");
    assert.match(bound.headers.get("set-cookie") ?? "", /^AWSALBTG=.+; Expires=/);
    assert.equal(balancer.counts()[ARNS.green]?.sticky, 1);
    putRule(world, "r", 10, weighted(100, 0));
    const freed = await fetch(url, { headers: { cookie: cookieOf(first) } });
    assert.equal(freed.headers.get("x-colour"), "blue");
    assert.equal(freed.headers.get("set-cookie"), null);
  });

  it("lets a header rule of lower priority number go before the weights", async () => {
    const world = edge.edgeWorld();
    putRule(world, "weights", 100, weighted(100, 0));
    putRule(world, "preview", 5, weighted(0, 1), [
      { httpHeader: { httpHeaderName: "X-Preview", values: ["secret"] } },
    ]);
    await Promise.all([startPod(world, "blue"), startPod(world, "green")]);
    const { url } = await startEdge(world);
    assert.equal(await colour(url, { "x-preview": "secret" }), "green");
    assert.equal(await colour(url, { "x-preview": "guess" }), "blue");
  });

  it("takes a target out after the unhealthy threshold, and back after the healthy one", async () => {
    const world = edge.edgeWorld();
    putRule(world, "r", 10, weighted(100, 0));
    const sick = await startPod(world, "blue", (_, response) => response.end("sick"));
    await startPod(world, "blue", (_, response) => response.end("well"));
    const { url } = await startEdge(world);
    await edge.allHealthy(world, "blue");
    sick.health = 500;
    await until("the sick target is unhealthy", () => edge.states(world, "blue")[0] === "unhealthy");
    assert.equal(world.targets(ARNS.blue)[0]?.reason, "Target.ResponseCodeMismatch");
    for (let i = 0; i < 10; i += 1) assert.equal(await (await fetch(url)).text(), "well");
    sick.health = 200;
    await edge.allHealthy(world, "blue");
    assert.equal(world.targets(ARNS.blue)[0]?.reason, undefined);
    const answers = new Set([await (await fetch(url)).text(), await (await fetch(url)).text()]);
    assert.deepEqual(answers, new Set(["sick", "well"]));
  });

  it("fails open: with every target unhealthy it sends to all of them", async () => {
    const world = edge.edgeWorld();
    putRule(world, "r", 10, weighted(100, 0));
    const pod = await startPod(world, "blue");
    pod.health = 500;
    const { url } = await startEdge(world);
    await until("the target is unhealthy", () => edge.states(world, "blue")[0] === "unhealthy");
    assert.equal(await colour(url), "blue");
  });

  it("leaves targets of an unused group unchecked until a rule names the group", async () => {
    const world = edge.edgeWorld();
    await startPod(world, "blue");
    await startEdge(world);
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.deepEqual(edge.states(world, "blue"), ["initial"]);
    putRule(world, "r", 10, weighted(0, 1));
    await edge.allHealthy(world, "blue");
    world.remove(LISTENER_RULE, edge.ruleArn("r"));
    assert.deepEqual(edge.states(world, "blue"), ["initial"]);
  });

  it("answers 503 for a group without targets and for weights that are all 0, 502 and 504 for failing targets", async () => {
    const world = edge.edgeWorld();
    const status = async () => {
      const response = await fetch(url);
      assert.equal(response.headers.get("server"), response.status >= 500 ? "awselb/2.0" : null);
      return response.status;
    };
    putRule(world, "r", 10, weighted(1, 0));
    const { url, balancer } = await startEdge(world);
    assert.equal(await status(), 503);
    await startPod(world, "blue", (request) => request.socket.resetAndDestroy());
    assert.equal(await status(), 502);
    assert.equal(balancer.counts()[ARNS.blue]?.balancer5xx, 2);
    putRule(world, "r", 10, weighted(0, 0));
    assert.equal(await status(), 503);
    world.put({ type: LOAD_BALANCER, id: ARNS.loadBalancer, properties: { idleTimeout: 0.2 } });
    await startPod(world, "green", () => undefined);
    putRule(world, "r", 10, weighted(0, 1));
    assert.equal(await status(), 504);
  });

  it("refuses what target groups ask of AWS and it does not do, instead of passing it over", async () => {
    const strange = [
      [{ slowStart: 30 }, "slowStart of 30 s"],
      [{ loadBalancingAlgorithmType: "weighted_random" }, "loadBalancingAlgorithmType weighted_random"],
      [{ stickiness: { enabled: true, type: "lb_cookie" } }, "stickiness"],
    ] as const;
    for (const [properties, said] of strange) {
      const world = edge.edgeWorld(properties);
      putRule(world, "r", 10, weighted(1, 0));
      await startPod(world, "blue");
      const { url } = await startEdge(world);
      const response = await fetch(url);
      assert.equal(response.status, 500);
      assert.ok((await response.text()).includes(`does not know ${said}: ${ARNS.blue}`));
    }
  });

  it("tells targets the client's address, protocol and port, and keeps the host and the body", async () => {
    const world = edge.edgeWorld();
    const held = world.get(LISTENER, ARNS.listener);
    world.put({ ...held!, properties: { ...held!.properties, port: 443, protocol: "HTTPS" } });
    putRule(world, "r", 10, weighted(1, 0));
    const pod = await startPod(world, "blue", (request, response) => request.pipe(response));
    const { url } = await startEdge(world);
    const body = "x".repeat(200_000);
    const response = await fetch(`${url}/a?b=1`, {
      method: "POST",
      headers: { "x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "http" },
      body,
    });
    assert.equal(await response.text(), body);
    const [request] = pod.seen;
    assert.equal(request?.url, "/a?b=1");
    assert.equal(request.headers["x-forwarded-for"], "192.0.2.7, 127.0.0.1");
    assert.equal(request.headers["x-forwarded-proto"], "https");
    assert.equal(request.headers["x-forwarded-port"], "443");
    assert.equal(request.headers.host, new URL(url).host);
  });

  it("answers fixed responses and redirects itself", async () => {
    const world = edge.edgeWorld();
    putRule(
      world,
      "r",
      10,
      { type: "redirect", redirect: { statusCode: "HTTP_301", port: "443", protocol: "HTTPS" } },
      [{ pathPattern: { values: ["/old/*"] } }],
    );
    const { url } = await startEdge(world);
    assert.equal((await fetch(url)).status, 404);
    const moved = await fetch(`${url}/old/a?b=1`, { redirect: "manual" });
    assert.equal(moved.status, 301);
    assert.equal(moved.headers.get("location"), "https://127.0.0.1:443/old/a?b=1");
  });

  it("stops and starts listening with the world's listeners", async () => {
    const world = edge.edgeWorld();
    const { balancer, url } = await startEdge(world);
    world.remove(LISTENER, ARNS.listener);
    assert.deepEqual(balancer.listeners(), []);
    await assert.rejects(fetch(url));
  });
});

describe("WebSockets through the load balancer", () => {
  afterEach(edge.endAll);

  it("stay with their target through a change of weights, and end with its draining", async () => {
    const world = edge.edgeWorld({ deregistrationDelay: 0.3 });
    putRule(world, "r", 10, weighted(1, 0, 60));
    const blue = await startPod(world, "blue");
    await startPod(world, "green");
    const { url } = await startEdge(world);
    await edge.allHealthy(world, "blue", "green");
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    let heard = "";
    let closed = false;
    socket.on("data", (data) => (heard += data.toString())).on("close", () => (closed = true));
    socket.write("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
    await until("it is upgraded", () => heard.includes("\r\n\r\n"));
    assert.match(heard, /^HTTP\/1.1 101 [^]*x-colour: blue[^]*set-cookie: AWSALBTG=/i);
    putRule(world, "r", 10, weighted(0, 1, 60));
    world.deregister(ARNS.blue, blue);
    socket.write("still there?");
    await until("the echo arrives", () => heard.endsWith("still there?"));
    assert.equal(await colour(url), "green");
    assert.ok(!closed);
    await until("it ends with the draining", () => closed);
  });

  it("get 503 without a target", async () => {
    const world = edge.edgeWorld();
    putRule(world, "r", 10, weighted(1, 0));
    const { url } = await startEdge(world);
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    let heard = "";
    socket.on("data", (data) => (heard += data.toString()));
    socket.write("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
    await until("it is refused", () => heard.includes("</html>"));
    assert.match(heard, /^HTTP\/1.1 503 /);
  });
});
