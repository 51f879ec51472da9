import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prometheusBeside } from "../../rehearsal/prometheus/beside";
import { configFor } from "../../rehearsal/prometheus/start";

describe("Prometheus beside a rehearsal", () => {
  const { PATH, XDG_CACHE_HOME } = process.env;
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "sluice-beside-"));
    // A machine without Prometheus, and without Debian's tools to get it.
    Object.assign(process.env, { PATH: dir, XDG_CACHE_HOME: dir });
  });
  afterEach(async () => {
    Object.assign(process.env, { PATH });
    if (XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = XDG_CACHE_HOME;
    await rm(dir, { recursive: true });
  });

  it("is said not to be there where it can't be had, with what mends it, and nobody is told of one", async () => {
    const lines: string[] = [];
    const options = { endpoint: "http://127.0.0.1:1", dir };
    const beside = await prometheusBeside({ ...options, isNeeded: false }, (line) => lines.push(line));
    assert.deepEqual(beside, { env: {} });
    assert.match(lines.at(-1)!, /^Prometheus is NOT there, .*apt-get.*: apt-get install prometheus\)$/);
    const needed = prometheusBeside({ ...options, isNeeded: true }, () => undefined);
    await assert.rejects(needed, /apt-get install prometheus/);
  });

  it("is no reason to go on where an end was asked for", async () => {
    const signal = AbortSignal.abort(new Error("the end"));
    const options = { endpoint: "http://127.0.0.1:1", dir, signal, isNeeded: false };
    const starting = prometheusBeside(options, () => undefined);
    await assert.rejects(starting, /the end/);
  });

  it("leaves to kube-state-metrics the labels that it has, and to pods those that discovery gives", () => {
    const config = configFor({ endpoint: "http://127.0.0.1:4711", rules: ["/x/rules.yml"] }) as {
      rule_files: string[];
      scrape_configs: { job_name: string; honor_labels?: boolean }[];
    };
    assert.deepEqual(config.rule_files, ["/x/rules.yml"]);
    assert.deepEqual(
      config.scrape_configs.map(({ job_name, honor_labels = false }) => [job_name, honor_labels]),
      [
        ["pods", false],
        ["kube-state-metrics", true],
      ],
    );
  });
});
