import assert from "node:assert/strict";
import * as fc from "fast-check";
import { ENVIRONMENTS } from "../../model/environments";
import type { Freeze } from "../../model/freeze";
import { LIMITS as FACTS, type Limits, defaultLimits } from "../../model/limits";
import { limitsOf } from "../../model/ruleLimits";
import { RULES } from "../../model/rules";
import { type Rule, type Transition, judge } from "../../model/transition";
import { PolicyConfigError } from "../../policies/configError";
import { readDemands } from "../../policies/configuration";
import { NO_DEMANDS, judgeFor } from "../../policies/organisation";
import { LIMITS, at, promoted, recorded, release, transition } from "../model/fixtures";
import { CASES } from "./cases";

const ruleOf = (id: string): Rule => RULES.find((rule) => rule.id === id)!;

/** What the policy of a rule reports where its configuration is this. */
const reported = (id: string, asked: Transition, config: Record<string, unknown> = {}): string[] =>
  judgeFor(ruleOf(id), asked, readDemands(id, config));

const dev = { limits: defaultLimits("dev") };
const rise = (to: number, changes: Partial<Transition> = {}) =>
  transition(recorded(release(10)), release(to), changes);
const full = recorded(release(100));
const promote = (seconds: number, changes: Partial<Transition> = {}) =>
  transition(full, release(100, { live: "green" }), { now: at(seconds), ...changes });
const fallen = recorded(release(0), { drainedAt: { green: at(0) } });
const remove = (seconds: number) => transition(fallen, release(0, { green: {} }), { now: at(seconds) });

const FREEZE: Freeze = { reason: "an audit", from: at(-60), until: at(60) };

describe("an organisation", () => {
  it("adds nothing where it demands nothing", () => {
    for (const { id, refused } of CASES) {
      const own = judge(refused).filter((violation) => violation.id === id);
      assert.deepEqual(
        judgeFor(ruleOf(id), refused, NO_DEMANDS),
        own.map(({ where, message }) => `${where}: ${message}`),
      );
    }
  });

  it("tightens the step, says whose limit it is, and permits the nearest", () => {
    const [message, ...more] = reported("T1", rise(21), { step: 10 });
    assert.deepEqual(more, []);
    assert.match(message!, /may rise by 10 points .*Your organisation's policies set this limit/s);
    assert.deepEqual(reported("T1", rise(20), { step: 10 }), []);
  });

  it("relaxes nothing", () => {
    assert.match(
      reported("T1", rise(10 + LIMITS.step + 1), { step: 100 })[0]!,
      new RegExp(`${LIMITS.step} points`),
    );
    assert.equal(reported("T5", promote(LIMITS.bakeSeconds - 1), { bakeSeconds: 0 }).length, 1);
  });

  it("lengthens the bake time to the second", () => {
    const config = { bakeSeconds: LIMITS.bakeSeconds + 1 };
    assert.match(reported("T5", promote(LIMITS.bakeSeconds), config)[0]!, /Your organisation's policies/);
    assert.deepEqual(reported("T5", promote(LIMITS.bakeSeconds + 1), config), []);
  });

  it("lengthens the time in which clients let go, by either part of it", () => {
    for (const name of ["stickinessSeconds", "deregistrationSeconds"] as const) {
      const config = { [name]: LIMITS[name] + 1 };
      const drained = LIMITS.stickinessSeconds + LIMITS.deregistrationSeconds;
      assert.equal(reported("T6", remove(drained), config).length, 1, name);
      assert.deepEqual(reported("T6", remove(drained + 1), config), [], name);
    }
  });

  it("refuses a stack that keeps its predecessor warm for too short, and names the command", () => {
    const config = { warmSeconds: LIMITS.warmSeconds + 1 };
    const [message, ...more] = reported("T6", rise(20), config);
    assert.deepEqual(more, []);
    assert.match(
      message!,
      /^sluice:limits\.warmSeconds: .*stay at full size for 86400 s\. The limit: 86401 s/,
    );
    assert.match(message!, /pulumi config set --path 'sluice:limits\.warmSeconds' 86401\./);
    const longer = { limits: { ...LIMITS, warmSeconds: LIMITS.warmSeconds + 1 } };
    assert.deepEqual(reported("T6", rise(20, longer), config), []);
    assert.deepEqual(reported("T1", rise(20), {}), [], "it is T6's alone");
  });

  it("lets a version that was replaced in place come back whatever the stack keeps warm", () => {
    const rolling = (version: string) => release(0, { strategy: "rolling", blue: { version }, green: {} });
    const predecessor = { colour: "blue", manifest: { version: "2.3.1" } } as const;
    const trusted = { colour: "blue", version: "2.4.0", at: at(-60), predecessor } as const;
    const back = (version: string) => transition(recorded(rolling("2.4.0"), { trusted }), rolling(version));
    const config = { warmSeconds: LIMITS.warmSeconds + 1 };
    assert.deepEqual(reported("T6", back("2.3.1"), config), []);
    assert.equal(reported("T6", back("2.3.0"), config).length, 1);
  });

  it("freezes beside the stack's own freezes", () => {
    assert.match(
      reported("T10", rise(20), { freezes: [FREEZE] })[0]!,
      /an audit.*Your organisation's policies/s,
    );
    assert.deepEqual(reported("T10", rise(20, { now: at(60) }), { freezes: [FREEZE] }), []);
    const own = { limits: { ...LIMITS, freezes: [{ ...FREEZE, reason: "our own" }] } };
    assert.match(reported("T10", rise(20, own), { freezes: [] })[0]!, /our own/);
  });

  it("caps the users of a new version and a new flag", () => {
    const flags = {
      flags: { summary: { percentage: 50, settled: false } },
      limits: { ...LIMITS, exposure: 100 },
    };
    assert.deepEqual(reported("T11", rise(20, flags), { exposure: 10 }), []);
    assert.equal(reported("T11", rise(21, flags), { exposure: 10 }).length, 1);
  });

  it("demands an environment's defaults by its name alone", () => {
    for (const environment of ENVIRONMENTS) {
      const { step } = defaultLimits(environment);
      const loose = { limits: { ...LIMITS, step: 100 } };
      assert.deepEqual(reported("T1", rise(10 + step, loose), { environment }), []);
      assert.equal(reported("T1", rise(10 + step + 1, loose), { environment }).length, 1, environment);
    }
  });

  it("takes the stricter of an environment's default and a limit of its own", () => {
    const both = (step: number) => readDemands("T1", { environment: "prod", step }).limits;
    assert.deepEqual(both(10), { step: 10 });
    assert.deepEqual(both(80), { step: LIMITS.step });
  });

  it("need not accept an override", () => {
    const override = { rule: "T1", by: "you@example.com", reason: "hotfix", expires: at(3_600) };
    const asked = rise(90, { overrides: [override, { ...override, rule: "T5" }] });
    assert.deepEqual(reported("T1", asked), []);
    assert.deepEqual(reported("T1", asked, { overrides: true }), []);
    assert.match(reported("T1", asked, { overrides: false })[0]!, /accept no override of this rule\.$/);
    assert.doesNotMatch(reported("T1", asked, { overrides: false })[0]!, /set this limit/);
    assert.doesNotMatch(reported("T1", rise(90), { overrides: false })[0]!, /accept no override/);
  });

  it("never refuses a retreat for being stricter", () => {
    const strictest = Object.fromEntries(RULES.map(({ id }) => [id, demandsOf(id)]));
    const retreats = [
      transition(promoted(), release(0), { now: at(1) }),
      transition(full, release(0), { now: at(1), ...dev }),
      rise(0, { limits: { ...LIMITS, warmSeconds: 0 } }),
    ];
    for (const retreat of retreats) {
      for (const { id } of RULES) assert.deepEqual(reported(id, retreat, strictest[id]), [], id);
    }
  });

  /** The strictest that its configuration may be. */
  function demandsOf(id: string): Record<string, unknown> {
    return {
      overrides: false,
      ...Object.fromEntries(
        limitsOf(id).map((name) => [name, name === "freezes" ? [FREEZE] : extreme(name)]),
      ),
    };
  }

  it("adds to what a rule refuses, whatever it demands, and takes nothing away", () => {
    const demanded = (id: string) =>
      fc.record(
        Object.fromEntries(
          limitsOf(id).flatMap((name) =>
            name === "freezes"
              ? []
              : [[name, fc.integer({ min: FACTS[name].range[0], max: FACTS[name].range[1] })]],
          ),
        ),
        { requiredKeys: [] },
      );
    for (const { id, refused } of CASES) {
      const own = judge(refused).filter((violation) => violation.id === id);
      fc.assert(
        fc.property(demanded(id), (config) => {
          const found = reported(id, refused, config);
          for (const { where } of own) assert.ok(found.some((message) => message.startsWith(`${where}: `)));
        }),
        { numRuns: 20 },
      );
    }
  });
});

/** The strictest value of a limit that is a number. */
function extreme(name: keyof typeof FACTS): unknown {
  const [least, greatest] = FACTS[name].range;
  return name === "step" || name === "exposure" ? least : greatest;
}

describe("the limits of a rule", () => {
  it("are those of a rule that there is", () => {
    const known = new Set(RULES.map(({ id }) => id));
    for (const id of ["T1", "T5", "T6", "T7", "T10", "T11"])
      assert.ok(known.has(id) && limitsOf(id).length > 0, id);
    const all = Object.keys(LIMITS) as (keyof Limits)[];
    for (const { id } of RULES)
      for (const name of limitsOf(id)) assert.ok(all.includes(name), `${id} ${name}`);
  });

  it("are all that change what it says: another one, at its strictest or its loosest, changes nothing", () => {
    for (const { id, refused, permitted } of CASES) {
      const judgeOne = ruleOf(id).judge;
      for (const asked of [refused, permitted]) {
        for (const name of Object.keys(FACTS) as (keyof typeof FACTS)[]) {
          if (limitsOf(id).some((one) => one === name)) continue;
          for (const value of FACTS[name].range) {
            const limits: Limits = { ...asked.limits, [name]: value };
            assert.deepEqual(judgeOne({ ...asked, limits }), judgeOne(asked), `${id} ${name} ${value}`);
          }
        }
      }
    }
  });
});

describe("a policy's configuration", () => {
  const faulty = (id: string, config: Record<string, unknown>): string => {
    try {
      readDemands(id, config);
    } catch (error) {
      assert.ok(error instanceof PolicyConfigError);
      assert.equal(error.stack, `PolicyConfigError: ${error.message}`);
      return error.message;
    }
    throw new Error("it was accepted");
  };

  it("is refused in one message with everything that is wrong with it", () => {
    assert.equal(
      faulty("T1", { step: 0, stepp: 10, overrides: "never", environment: "production" }),
      "the configuration of the policy T1 cannot be used: " +
        'T1.stepp: found 10; allowed: no such key; did you mean "step"?; allowed are environment, overrides, step; ' +
        'T1.environment: found "production"; allowed: one of dev, staging, prod; did you mean "prod"?; ' +
        'T1.overrides: found "never"; allowed: true or false; ' +
        "T1.step: found 0; allowed: a whole number from 1 to 100. " +
        "Mend it in the file of --policy-pack-config, or in the policy group of your organisation",
    );
  });

  it("is refused where a limit belongs to another rule", () => {
    assert.match(faulty("T5", { step: 10 }), /T5\.step: found 10; allowed: no such key/);
    assert.match(faulty("S6", { step: 10 }), /allowed are environment, overrides\./);
  });

  it("is refused where a freeze ends before it begins, or nobody knows whose midnight is meant", () => {
    const freezes = [
      { ...FREEZE, until: at(-61) },
      { ...FREEZE, from: "2026-03-01" },
    ];
    const message = faulty("T10", { freezes });
    assert.match(message, /T10\.freezes\[0\]\.until: .*T10\.freezes\[1\]\.from: found "2026-03-01"/);
    assert.match(faulty("T10", { freezes: {} }), /T10\.freezes: found \{\}; allowed: a list of freezes/);
  });

  it("takes every limit at both ends of its range", () => {
    for (const { id } of RULES) {
      for (const name of limitsOf(id)) {
        if (name === "freezes") continue;
        for (const value of FACTS[name].range)
          assert.equal(readDemands(id, { [name]: value }).limits[name], value);
      }
    }
  });
});
