import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { startView } from "../../rehearsal/report/live/view";
import { startClock, startSampling } from "../../rehearsal/report/samples";
import { endpointOf } from "../../rehearsal/scene";
import { askShares } from "../../rehearsal/traffic/weights";
import { type EdgeCluster, edgeCluster } from "./edge-cluster-fixture";
import { Terminal } from "./terminal-emulator";

describe("the view of real users and pods", function () {
  this.timeout(60_000);
  let edge: EdgeCluster;
  before(async () => {
    edge = await edgeCluster({ green: 40, deregistrationSeconds: 1, preStopSeconds: 0 });
  });
  after(() => edge.close());

  it("has what the rules say, what users get, and which pods are not ready and why", async () => {
    const { cluster, traffic, scene } = edge;
    const clock = startClock();
    const terminal = new Terminal({ columns: 100, rows: 40 });
    const view = startView({
      ...{ stack: "dev", scenario: "canary", output: terminal, environment: {} },
      print: () => undefined,
      ...{ clock: () => clock, pods: () => Promise.resolve(cluster.controllers.pods()) },
    });
    const configured = () => askShares(endpointOf(scene));
    const stop = startSampling({ traffic, clock, configured, seen: view.sample });
    /** Waits until the view has a line like this. */
    const shows = async (line: RegExp) => {
      for (const until = performance.now() + 15_000; performance.now() < until;) {
        if (terminal.lines().some((one) => line.test(one))) return;
        await pause(200);
      }
      assert.fail(`nothing is like ${String(line)} in\n${terminal.lines().join("\n")}`);
    };
    try {
      view.await({ step: 2, of: 3, what: "hold" });
      await shows(/^├─ blue 1\.0\.0, 3 of 3 ready +60 % +[456]\d(\.\d)? % +\d+ +0 +[\d,]+ ms$/);
      await shows(/^└─ green 1\.0\.0, 3 of 3 ready +40 % +[345]\d(\.\d)? % +\d+ +0 +[\d,]+ ms$/);
      await shows(/^2\/3 hold, for 0:\d\d$/);
      cluster.controllers.setBehaviour({ colour: "green" }, { errorRate: 100 });
      await shows(/^└─ green 1\.0\.0, 3 of 3 ready +40 % .* [1-9]\d* +[\d,]+ ms$/);
      cluster.controllers.setBehaviour({ colour: "green" }, { crash: true });
      await shows(/^ {3}└─ api 0 of 3: CrashLoopBackOff/);
      view.print("what stays");
      view.stop();
      assert.deepEqual(terminal.lines(), ["what stays"]);
    } finally {
      view.stop();
      await stop();
    }
  });
});
