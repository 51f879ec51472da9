import assert from "node:assert/strict";
import { defaultLimits } from "../../model/limits";
import { type Release, allTo } from "../../model/release";
import { nextVersion, releaseScript } from "../../rehearsal/script";

const release: Release = {
  strategy: "canary",
  live: "blue",
  traffic: allTo("blue"),
  blue: { version: "2.3.1" },
  green: {},
};

const kinds = (steps: ReturnType<typeof releaseScript>) => steps.map(({ kind }) => kind);

describe("releaseScript", () => {
  it("rolls dev by the shares of its limits, promotes, is refused and goes back", () => {
    const steps = releaseScript(release, defaultLimits("dev"));
    assert.deepEqual(kinds(steps), [
      "deploy",
      "deploy",
      "refused",
      "shift",
      "shift",
      "shift",
      "promote",
      "refused",
      "rollback",
    ]);
    const shares = steps.filter(({ kind }) => kind === "shift").map(({ edit }) => edit.traffic?.green);
    assert.deepEqual(shares, [10, 50, 100]);
  });

  it("where a version must bake, shows that a promote before is refused", () => {
    const promote = releaseScript(release, defaultLimits("prod")).find(({ edit }) => edit.live === "green");
    assert.deepEqual([promote?.kind, promote?.refusedBy], ["refused", "T5"]);
  });

  it("begins with all traffic on the live colour, also in the midst of a release", () => {
    const midst = { ...release, traffic: { blue: 50, green: 50 }, green: { version: "2.4.0" } };
    const [first] = releaseScript(midst, defaultLimits("dev"));
    assert.deepEqual(first?.edit, { traffic: { blue: 100, green: 0 }, green: {} });
  });

  it("mirrors itself where green is live", () => {
    const mirrored = {
      ...release,
      live: "green",
      traffic: allTo("green"),
      blue: {},
      green: release.blue,
    } as const;
    const steps = releaseScript(mirrored, defaultLimits("dev"));
    const shares = steps.filter(({ kind }) => kind === "shift").map(({ edit }) => edit.traffic?.blue);
    assert.deepEqual(shares, [10, 50, 100]);
  });
});

describe("releaseScript under other strategies", () => {
  it("flips and flips back where blue-green needs no bake, and shows the refusal where it does", () => {
    const of = (environment: "dev" | "prod") =>
      kinds(releaseScript({ ...release, strategy: "blue-green" }, defaultLimits(environment)));
    assert.deepEqual(of("dev"), ["deploy", "deploy", "flip", "refused", "rollback"]);
    assert.deepEqual(of("prod"), ["deploy", "deploy", "refused"]);
  });

  it("rolls in place and back", () => {
    const steps = releaseScript({ ...release, strategy: "rolling" }, defaultLimits("dev"));
    assert.deepEqual(kinds(steps), ["deploy", "deploy", "rollback"]);
    assert.deepEqual(steps.at(-1)?.edit, { blue: { version: "2.3.1" } });
  });
});

describe("nextVersion", () => {
  it("raises the minor version and starts its patches anew", () => {
    assert.equal(nextVersion("2.3.1"), "2.4.0");
  });
});
