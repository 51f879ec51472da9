import assert from "node:assert/strict";
import { ownAlarms } from "../../../model/flags/alarms";
import { namedPlan } from "../../../model/rollout/plans";
import { readFlags } from "../../../model/schema/flags";
import type { Environment, Fault } from "../../../model/settings";
import { mend } from "./pulumiConfig";

function read(raw: unknown, environment: Environment = "prod", app = "voiceassist") {
  const faults: Fault[] = [];
  const flags = readFlags(raw, { app, environment }, faults);
  return { flags, faults, paths: faults.map(({ path }) => path) };
}

const one = (settings: unknown) => ({ partial: settings });

/** So many names of alarms, of 200 characters each. */
const long = (count: number, fill = "a") =>
  Array.from({ length: count }, (_, index) => `${index}`.padEnd(200, fill));

/** Flags with one thing wrong in them, and where that is. */
const WRONG: readonly (readonly [unknown, path: string])[] = [
  ["partial", "flags"],
  [["partial"], "flags"],
  [{ "Partial results": {} }, 'flags["Partial results"]'],
  [{ staging: {} }, "flags.staging"],
  [one(10), "flags.partial"],
  [one({ percentage: 10 }), "flags.partial.percentage"],
  [one({ enabled: "on" }), "flags.partial.enabled"],
  [one({ rollout_percentage: 101 }), "flags.partial.rollout_percentage"],
  [one({ rollout_percentage: -1 }), "flags.partial.rollout_percentage"],
  [one({ rollout_percentage: 12.5 }), "flags.partial.rollout_percentage"],
  [one({ rollout_percentage: {} }), "flags.partial.rollout_percentage"],
  [one({ min_stability_threshold: 0.69 }), "flags.partial.min_stability_threshold"],
  [one({ min_stability_threshold: 0.951 }), "flags.partial.min_stability_threshold"],
  [one({ min_stability_threshold: "high" }), "flags.partial.min_stability_threshold"],
  [one({ max_buffer_timeout: 1.9 }), "flags.partial.max_buffer_timeout"],
  [one({ max_buffer_timeout: "10.1" }), "flags.partial.max_buffer_timeout"],
  [one({ settled: true, rollout_percentage: 99 }), "flags.partial.settled"],
  [one({ settled: true, rollout_percentage: 100, enabled: false }), "flags.partial.settled"],
  [one({ plan: "weakly" }), "flags.partial.plan"],
  [one({ plan: { steps: [{ share: 50 }] } }), "flags.partial.plan.steps"],
  [one({ plan: { name: "weekly", steps: [{ share: 100 }] } }), "flags.partial.plan.name"],
  [one({ alarms: "latency" }), "flags.partial.alarms"],
  [one({ alarms: ["latency", 5] }), "flags.partial.alarms[1]"],
  [one({ alarms: ["latency", "latency"] }), "flags.partial.alarms"],
  [one({ retreat: "back" }), "flags.partial.retreat"],
  [one({ lambda: "audio/processor" }), "flags.partial.lambda"],
  [one({ alarms: long(40) }), "flags.partial.alarms"],
  [{ ...one({ alarms: long(20) }), other: { alarms: long(25, "x") } }, "flags.other.alarms"],
];

describe("flags in configuration", () => {
  it("are none where nobody declares one", () => {
    assert.deepEqual(read(undefined).flags, {});
  });

  it("are enabled, at 0 %, no more than experiments, and rise by weeks, where they do not say", () => {
    const plain = { enabled: true, percentage: 0, settings: {}, settled: false };
    const isUnwatched = true;
    assert.deepEqual(read(one({})), {
      flags: one({ ...plain, plan: namedPlan("weekly"), alarms: [], isUnwatched }),
      faults: [],
      paths: [],
    });
    assert.deepEqual(read(one({}), "staging").flags["partial"]!.plan, namedPlan("weekly"));
    assert.deepEqual(
      read(one({}), "dev").flags["partial"]!.plan.steps.map(({ share }) => share),
      [100],
    );
  });

  it("are watched by the alarms that they name, and the guide's by its own where it names none outside dev", () => {
    const flagOf = (settings: object, environment: Environment = "prod") =>
      read({ "partial-results": settings }, environment).flags["partial-results"]!;
    const alarmsOf = (...asked: Parameters<typeof flagOf>) => flagOf(...asked).alarms;
    const own = alarmsOf({});
    assert.deepEqual(own, ownAlarms("voiceassist", "prod", "partial-results"));
    assert.deepEqual(
      own.map(({ name, retreat }) => [
        name.replace("sluice/voiceassist/prod/flag/partial-results/", ""),
        retreat,
      ]),
      [
        ["latency-high", "step"],
        ["partial-results-dropped", "step"],
        ["results-orphaned", "step"],
        ["transcribe-fallback", "step"],
        ["lambda-errors", "off"],
      ],
    );
    assert.deepEqual(new Set(alarmsOf({ retreat: "off" }).map(({ retreat }) => retreat)), new Set(["off"]));
    assert.deepEqual([alarmsOf({}, "dev"), alarmsOf({ alarms: [] })], [[], []]);
    assert.deepEqual(alarmsOf({ alarms: ["slow"] }), [{ name: "slow", retreat: "step" }]);
    assert.deepEqual(alarmsOf({ alarms: ["slow"], retreat: "off" }), [{ name: "slow", retreat: "off" }]);
    for (const said of [flagOf({}), flagOf({}, "dev"), flagOf({ alarms: [] }), flagOf({ alarms: ["slow"] })])
      assert.equal(said.isUnwatched, undefined);
  });

  it("name the function that their own alarms are about, where it is not the guide's", () => {
    assert.equal(read(one({ lambda: "transcriber" })).flags["partial"]!.lambda, "transcriber");
    assert.equal(read(one({})).flags["partial"]!.lambda, undefined);
  });

  it("have the guide's settings at both ends of their ranges", () => {
    for (const [threshold, timeout] of [
      [0.7, 2],
      [0.95, 10],
    ]) {
      const settings = { min_stability_threshold: threshold, max_buffer_timeout: timeout };
      const { flags, faults } = read(one({ rollout_percentage: 100, ...settings }));
      assert.deepEqual([flags["partial"]!.settings, faults], [settings, []]);
    }
  });

  it("are read as the engine's own command writes them", () => {
    const written = { enabled: "false", rollout_percentage: 50, min_stability_threshold: "0.90" };
    const { flags, faults } = read(one(written));
    assert.deepEqual(faults, []);
    const { enabled, percentage, settings } = flags["partial"]!;
    assert.deepEqual([enabled, percentage, settings], [false, 50, { min_stability_threshold: 0.9 }]);
  });

  it("have a plan by name, or steps of their own, and may be held", () => {
    assert.deepEqual(read(one({ plan: "trial" })).flags["partial"]!.plan, namedPlan("trial"));
    const { plan } = read(one({ plan: { steps: [{ share: 5, bake: "2d" }, { share: 100 }], hold: "audit" } }))
      .flags["partial"]!;
    assert.deepEqual([plan.steps.map(({ share }) => share), plan.hold], [[5, 100], "audit"]);
  });

  it("are refused all at once", () => {
    const { paths } = read({
      a: { enabled: 3, rollout_percentage: 300 },
      b: { max_buffer_timeout: 99, plan: "none" },
    });
    assert.deepEqual(paths, [
      "sluice:flags.a.enabled",
      "sluice:flags.a.rollout_percentage",
      "sluice:flags.b.max_buffer_timeout",
      "sluice:flags.b.plan",
    ]);
  });

  it("are refused where SSM would not take their names", () => {
    for (const app of ["aws-tools", "ssm"]) {
      const { faults } = read(one({}), "dev", app);
      assert.deepEqual(
        faults.map(({ path, remedy }) => [path, remedy]),
        [["sluice:flags", "pulumi config rm sluice:flags"]],
      );
    }
    assert.deepEqual(read(one({}), "dev", "claws").faults, []);
  });

  for (const [raw, path] of WRONG) {
    it(`mend ${path} where it is ${JSON.stringify(raw).slice(0, 60)}`, () => {
      const { faults, paths } = read(raw);
      assert.deepEqual(paths, [`sluice:${path}`]);
      const mended = mend({ flags: raw }, faults[0]!.remedy) as { flags?: unknown };
      assert.deepEqual(read(mended.flags).faults, []);
    });
  }
});
