import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Faults } from "../../../rehearsal/cloud/faults";
import { serveEndpoint } from "../../../rehearsal/cloud/endpoint/server";
import { World } from "../../../rehearsal/cloud/world";
import { clusterRoutes } from "../../../rehearsal/cloud/cluster/routes";
import { KINDS } from "../../../rehearsal/faults/kinds";
import { DEPLOYMENT, type TestCluster, deployment, testCluster } from "../cluster-fixture";

const ROOT = join(__dirname, "..", "..", "..");

describe("fault, by hand", function () {
  this.timeout(30_000);
  let cluster: TestCluster;
  let endpoint: Awaited<ReturnType<typeof serveEndpoint>>;
  let folder: string;
  before(async () => {
    cluster = testCluster();
    endpoint = await serveEndpoint(new World(), new Faults(), clusterRoutes(cluster.controllers));
    folder = await mkdtemp(join(tmpdir(), "sluice-fault-"));
    for (const name of ["Pulumi.yaml", "Pulumi.dev.yaml"])
      await copyFile(join(ROOT, name), join(folder, name));
    await cluster.create(DEPLOYMENT, "api", deployment({}, { app: "api", colour: "green" }));
  });
  after(async () => {
    cluster.controllers.close();
    await endpoint.close();
    await rm(folder, { recursive: true });
  });

  const fault = async (...args: string[]) => {
    const all = ["-r", join(ROOT, "register.cjs"), join(ROOT, "rehearsal", "faults", "main.ts"), ...args];
    const { PATH = "" } = process.env;
    const env = { PATH, AWS_ENDPOINT_URL: endpoint.url };
    return promisify(execFile)(process.execPath, all, { cwd: folder, env }).then(
      ({ stdout }) => ({ code: 0, printed: stdout }),
      (error: unknown) => {
        const { code, stderr } = error as { code: number; stderr: string };
        return { code, printed: stderr };
      },
    );
  };
  const answer = async () => (await fetch(`http://127.0.0.1:${cluster.controllers.pods()[0]!.port}/`)).status;

  it("breaks the candidate until it is mended, and says so in a line", async () => {
    const broken = await fault("error-rate", "100");
    assert.deepEqual(broken, { code: 0, printed: "green answers 100 % with 500; to end it: fault mend\n" });
    assert.equal(await answer(), 500);
    const mended = await fault("mend");
    assert.deepEqual(mended, { code: 0, printed: "all pods, calls and users are as they should be\n" });
    assert.equal(await answer(), 200);
  });

  it("shows every kind in 80 columns, and ends with 2, where it is asked for what there is not", async () => {
    for (const args of [["fire"], ["crash", "5"]]) {
      const { code, printed } = await fault(...args);
      assert.equal(code, 2, args.join(" "));
      for (const kind of Object.keys(KINDS)) assert.match(printed, new RegExp(`^  ${kind} `, "m"));
      for (const line of printed.split("\n")) assert.ok(line.length <= 80, line);
    }
    const much = await fault("error-rate", "101");
    assert.deepEqual(much, { code: 2, printed: "error-rate: found 101 %; allowed: 0 to 100 %\n" });
  });
});
