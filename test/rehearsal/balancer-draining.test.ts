import assert from "node:assert/strict";
import { paceFromNow, usePace } from "../../cloud/clock";
import * as edge from "./balancer-fixture";

const { ARNS, putRule, startPod, startEdge, weighted, until } = edge;

describe("draining", () => {
  afterEach(edge.endAll);
  afterEach(() => usePace(undefined));

  /** A pod whose answers wait for a call of `finish`. */
  async function slowPod(world: ReturnType<typeof edge.edgeWorld>) {
    const waiting: (() => void)[] = [];
    const pod = await startPod(world, "blue", (_, response) => waiting.push(() => response.end("slow")));
    return { pod, waiting, finish: () => waiting.splice(0).forEach((end) => end()) };
  }

  it("lets a request in flight finish, sends no new one, and forgets the target after the whole delay", async () => {
    const world = edge.edgeWorld();
    putRule(world, "r", 10, weighted(1, 0));
    const { pod, waiting, finish } = await slowPod(world);
    const { url } = await startEdge(world);
    await edge.allHealthy(world, "blue");
    const inFlight = fetch(url);
    await until("the request arrived", () => waiting.length === 1);
    await startPod(world, "blue");
    await edge.allHealthy(world, "blue");
    const start = Date.now();
    world.deregister(ARNS.blue, pod);
    for (let i = 0; i < 10; i += 1) assert.equal(await (await fetch(url)).text(), "blue");
    assert.equal(pod.seen.length, 1);
    finish();
    assert.equal(await (await inFlight).text(), "slow");
    assert.deepEqual(edge.states(world, "blue"), ["draining", "healthy"]);
    await until("the target is forgotten", () => world.targets(ARNS.blue).length === 1);
    assert.ok(Date.now() - start >= 990, `forgotten after ${Date.now() - start} ms, before the delay of 1 s`);
  });

  it("cuts what is still in flight when the delay has passed", async () => {
    const world = edge.edgeWorld({ deregistrationDelay: 0.2 });
    putRule(world, "r", 10, weighted(1, 0));
    const { pod, waiting } = await slowPod(world);
    const { url } = await startEdge(world);
    const inFlight = fetch(url);
    await until("the request arrived", () => waiting.length === 1);
    world.deregister(ARNS.blue, pod);
    assert.equal((await inFlight).status, 502);
    assert.equal((await fetch(url)).status, 503);
  });

  it("gives a request the whole delay in its user's time, however fast a release's time passes", async () => {
    usePace(paceFromNow(10));
    // Long enough for a busy machine to be late.
    const world = edge.edgeWorld({ deregistrationDelay: 3 });
    putRule(world, "r", 10, weighted(1, 0));
    const { pod, waiting } = await slowPod(world);
    const { url } = await startEdge(world);
    const [first, second] = [fetch(url), fetch(url)];
    await until("the requests arrived", () => waiting.length === 2);
    const start = performance.now();
    world.deregister(ARNS.blue, pod);
    await until("the target is forgotten", () => world.targets(ARNS.blue).length === 0);
    assert.ok(performance.now() - start < 2_700, "it is draining for a tenth of the delay");
    await new Promise((resolve) => setTimeout(resolve, 1_000 - (performance.now() - start)));
    const [end] = waiting;
    end?.();
    const answers = await Promise.all([first, second]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 502]);
    assert.ok(performance.now() - start >= 2_990, "the other request was cut before the delay of 3 s");
  });

  it("leaves a target alone that is registered again while it drains", async () => {
    const world = edge.edgeWorld({ deregistrationDelay: 0.2 });
    putRule(world, "r", 10, weighted(1, 0));
    const { pod, waiting, finish } = await slowPod(world);
    const { url } = await startEdge(world);
    const inFlight = fetch(url);
    await until("the request arrived", () => waiting.length === 1);
    world.deregister(ARNS.blue, pod);
    world.register(ARNS.blue, pod);
    await new Promise((resolve) => setTimeout(resolve, 400));
    finish();
    assert.equal((await inFlight).status, 200);
    assert.deepEqual(edge.states(world, "blue"), ["healthy"]);
  });
});
