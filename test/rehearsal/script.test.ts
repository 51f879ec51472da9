import assert from "node:assert/strict";
import { defaultLimits } from "../../model/limits";
import { type Release, allTo } from "../../model/release";
import { defaultPlan } from "../../model/rollout/plans";
import { ENVIRONMENTS, type Environment, type Settings } from "../../model/settings";
import { release as scenario } from "../../rehearsal/scenarios/release";
import { edited, nextVersion, scriptFor, unsafe } from "../../rehearsal/script";
import { settingsIn } from "../../rollout/configuration";

const release: Release = {
  strategy: "canary",
  live: "blue",
  traffic: allTo("blue"),
  blue: { version: "2.3.1" },
  green: {},
};

/** The default scenario's steps for a release, by an environment's limits. */
const releaseScript = (release: Release, environment: Environment) =>
  scriptFor(
    scenario,
    { release, limits: defaultLimits(environment), plan: defaultPlan(environment) } as Settings,
    "2026-03-02T14:00:00Z",
  );

const kinds = (steps: ReturnType<typeof releaseScript>) => steps.map(({ kind }) => kind);

describe("the script of a release", () => {
  it("is refused a leap, and loses a version that turns bad, in every environment", () => {
    for (const environment of ENVIRONMENTS) {
      const steps = releaseScript(release, environment);
      assert.deepEqual(kinds(steps), ["deploy", "deploy", "refused", "shift", "fault"]);
      const [shift, bad] = steps.slice(3);
      assert.ok((shift?.edit.traffic?.green ?? 0) > 0);
      assert.deepEqual(bad?.calls?.at(-1)?.leaves, { traffic: { blue: 100, green: 0 } });
    }
  });

  it("begins with all traffic on the live colour, also in the midst of a release", () => {
    const midst = { ...release, traffic: { blue: 50, green: 50 }, green: { version: "2.4.0" } };
    const [first] = releaseScript(midst, "dev");
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
    const steps = releaseScript(mirrored, "dev");
    assert.deepEqual(steps.find(({ kind }) => kind === "shift")?.edit.traffic, { blue: 10, green: 90 });
    assert.deepEqual(steps.at(-1)?.calls?.at(-1)?.leaves, { traffic: allTo("green") });
  });
});

describe("the script of a release under other strategies", () => {
  it("flips and flips back where blue-green needs no bake, and shows the refusal where it does", () => {
    const of = (environment: "dev" | "prod") =>
      kinds(releaseScript({ ...release, strategy: "blue-green" }, environment));
    assert.deepEqual(of("dev"), ["deploy", "deploy", "flip", "refused", "rollback"]);
    assert.deepEqual(of("prod"), ["deploy", "deploy", "refused"]);
  });

  it("rolls in place and back", () => {
    const steps = releaseScript({ ...release, strategy: "rolling" }, "dev");
    assert.deepEqual(kinds(steps), ["deploy", "deploy", "rollback"]);
    assert.deepEqual(steps.at(-1)?.edit, { blue: { version: "2.3.1" } });
  });
});

describe("nextVersion", () => {
  it("raises the minor version and starts its patches anew", () => {
    assert.equal(nextVersion("2.3.1"), "2.4.0");
  });
});

describe("edited", () => {
  const FILE = `config:
  sluice:app: voiceassist
  sluice:environment: dev
  sluice:registry: registry.example.com
  sluice:limits: { step: 20, bakeSeconds: 60 }
  sluice:release:
    strategy: canary
    live: blue
    traffic: { blue: 100, green: 0 }
    blue: { version: "2.3.1" }
    green: {}
`;

  it("changes the release and any other configuration in one edit, and leaves what is not named", () => {
    const step = unsafe("both", ["T8"], { traffic: { blue: 90, green: 10 } }, { "sluice:limits.step": 5 });
    const { release, limits } = settingsIn(edited(FILE, step));
    assert.deepEqual([release.traffic.green, limits.step, limits.bakeSeconds], [10, 5, 60]);
  });

  it("puts quotes around times, which the engine would hand on as another text", () => {
    const expires = "2026-03-02T15:00:00.000Z";
    const step = unsafe("leave", ["T1"], {}, { "sluice:overrides": [{ rule: "T1", expires }] });
    assert.ok(edited(FILE, step).includes(`expires: "${expires}"`));
  });

  it("adds what the stack file has not", () => {
    const step = unsafe("fewer nodes", ["T14"], {}, { "sluice:backends.vectorStore.replicas": 3 });
    assert.equal(settingsIn(edited(FILE, step)).backends.vectorStore.replicas, 3);
  });
});

describe("scriptFor", () => {
  it("refuses to begin where the live colour has no version", () => {
    assert.throws(
      () => releaseScript({ ...release, blue: {} }, "dev"),
      /the live colour, blue, has no version/,
    );
  });

  it("tells a scenario when an hour has passed", () => {
    const settings = { release, limits: defaultLimits("dev") } as Settings;
    let told: string | undefined;
    const steps = ({ inAnHour }: { inAnHour: string }) => {
      told = inAnHour;
      return [];
    };
    scriptFor({ summary: "", steps }, settings, "2026-03-02T14:00:00Z");
    assert.equal(told, "2026-03-02T15:00:00.000Z");
  });
});
