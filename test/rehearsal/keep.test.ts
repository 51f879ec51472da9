import assert from "node:assert/strict";
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { MINIMUM_VERSION } from "../../rehearsal/engine/engine";
import { Ended } from "../../rehearsal/lifetime";
import { rehearse } from "../../rehearsal/rehearse";

const ROOT = join(__dirname, "..", "..");

/** An engine that opens a stack, and can do nothing with it. */
const ENGINE = `#!/bin/sh
case "$1" in
  version) echo v${MINIMUM_VERSION} ;;
  up) echo "error: the plugin could not be loaded" >&2; exit 255 ;;
esac
`;

describe("a rehearsal that is to leave its cloud up, and whose first step cannot be taken", function () {
  this.timeout(60_000);
  const asked = new AbortController();
  let ending: Promise<unknown> | undefined;
  let project: string;
  const environment: Record<string, string | undefined> = {};
  before(async () => {
    project = await mkdtemp(join(tmpdir(), "sluice-keep-"));
    for (const name of ["Pulumi.yaml", "Pulumi.dev.yaml"])
      await copyFile(join(ROOT, name), join(project, name));
    const bin = join(project, "bin");
    await mkdir(bin);
    await writeFile(join(bin, "pulumi"), ENGINE);
    await chmod(join(bin, "pulumi"), 0o755);
    for (const name of ["PATH", "SLUICE_ENGINE"]) environment[name] = process.env[name];
    Object.assign(process.env, {
      PATH: `${bin}${delimiter}${process.env["PATH"] ?? ""}`,
      SLUICE_ENGINE: "path",
    });
  });
  after(async () => {
    asked.abort(new Ended("SIGINT", 130));
    await ending?.catch(() => undefined);
    for (const [name, value] of Object.entries(environment)) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    await rm(project, { recursive: true, force: true });
  });

  it("leaves it up until Ctrl-C, having said why and how to use it, and takes it down then", async () => {
    const printed: string[] = [];
    let measured = false;
    let kept = (): void => undefined;
    const up = new Promise<void>((resolve) => (kept = resolve));
    ending = rehearse({
      ...{ project, stack: "dev", keep: true, signal: asked.signal },
      print: (line) => {
        printed.push(line);
        if (line.includes("fault mend ends it")) kept();
      },
      measured: ({ failure }) => {
        measured = failure?.step === 1;
        return Promise.resolve();
      },
    });
    await Promise.race([up, ending]);
    assert.ok(measured, "the report has the step");
    const said = printed.join("\n");
    assert.match(said, /step 1, deploy .* could not be taken: .*the plugin could not be loaded/s);
    assert.match(said, /stays up until Ctrl-C.*cd \.sluice\/dev && \. \.\/env && sluice status -s dev/s);
    const env = await readFile(join(project, ".sluice", "dev", "env"), "utf8");
    const url = /^export AWS_ENDPOINT_URL='(.+)'$/m.exec(env)?.[1] ?? "";
    const ask = () => fetch(`${url}/_local/world?type=none`);
    assert.equal((await ask()).status, 200);
    asked.abort(new Ended("SIGINT", 130));
    await assert.rejects(ending, Ended);
    await assert.rejects(ask());
  });
});
