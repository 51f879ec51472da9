import assert from "node:assert/strict";
import { editRelease, settingsIn } from "../../rollout/configuration";

const FILE = `# The stack of the team's own experiments.
config:
  aws:region: us-east-1
  sluice:app: voiceassist
  sluice:environment: dev
  sluice:registry: registry.example.com
  sluice:release:
    strategy: canary
    live: blue # the trusted colour
    traffic: { blue: 100, green: 0 } # percent
    blue: { version: "2.3.1" }
    green: {}
`;

describe("editRelease", () => {
  it("changes what is named and leaves every other line, comments too", () => {
    const lines = editRelease(FILE, { traffic: { blue: 90, green: 10 } }).split("\n");
    const changed = FILE.split("\n").flatMap((line, index) => (line === lines[index] ? [] : [lines[index]]));
    assert.deepEqual(changed, ["    traffic: { blue: 90, green: 10 } # percent"]);
  });

  it("keeps a version text, also one that looks like a number", () => {
    const edited = editRelease(FILE, { green: { version: "2.4" } });
    assert.equal(settingsIn(edited).release.green.version, "2.4");
  });

  it("twice the same edit is once", () => {
    const once = editRelease(FILE, { live: "green" });
    assert.equal(editRelease(once, { live: "green" }), once);
  });

  it("refuses a file that has no release", () => {
    assert.throws(() => editRelease("config: {}\n", { live: "green" }), /no sluice:release/);
  });

  it("refuses what is no YAML", () => {
    assert.throws(() => editRelease("config: [\n", { live: "green" }), /flow/i);
  });
});

describe("settingsIn", () => {
  it("reads the stack file as the program would", () => {
    const { app, environment, release } = settingsIn(FILE);
    assert.deepEqual([app, environment, release.traffic], ["voiceassist", "dev", { blue: 100, green: 0 }]);
  });
});
