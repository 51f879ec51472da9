import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { circumstances } from "../../model/circumstances";
import type { Recorded } from "../../model/release";
import { RULES } from "../../model/rules";
import { ENVIRONMENTS, SettingsError, type Settings } from "../../model/settings";
import { type Transition, judge, next } from "../../model/transition";
import { SCENARIOS } from "../../rehearsal/scenarios";
import { unsafeEdits } from "../../rehearsal/scenarios/unsafe-edits";
import { type ScriptStep, edited, scriptFor } from "../../rehearsal/script";
import { editRelease, settingsIn } from "../../rollout/configuration";

const BEGIN = Date.parse("2026-03-02T14:00:00Z");

/** What a step takes, in seconds; less than a drain does by far. */
const STEP = 10;

const fileOf = (stack: string) => readFileSync(join(__dirname, "..", "..", `Pulumi.${stack}.yaml`), "utf8");

/** What a step's edit asks for; undefined where settings refuse it. */
function settingsAfter(text: string): Settings | undefined {
  try {
    return settingsIn(text);
  } catch (error) {
    if (error instanceof SettingsError) return undefined;
    throw error;
  }
}

const intent = (settings: Settings, from: Recorded | undefined, now: string): Transition => ({
  ...circumstances(settings),
  from,
  to: settings.release,
  now,
});

/** What each step of a scenario would come to in a stack, by the model alone. */
function* played(stack: string, steps: readonly ScriptStep[]) {
  let text = fileOf(stack);
  let from: Recorded | undefined;
  let seconds = 0;
  for (const step of steps) {
    seconds += STEP + (step.waits ?? 0);
    const now = new Date(BEGIN + 1000 * seconds).toISOString();
    const after = edited(text, step);
    const settings = settingsAfter(after);
    const transition = settings && intent(settings, from, now);
    const refusers = transition ? judge(transition).map(({ id }) => id) : ["settings"];
    yield { step, refusers: [...new Set(refusers)].sort(), changed: after !== text };
    if (!transition || step.refusedBy) continue;
    text = after;
    from = next(transition);
    for (const { leaves } of step.calls ?? []) {
      if (!leaves) continue;
      // A plan's stops on the way are the program's own.
      text = editRelease(text, leaves);
      from = next(intent(settingsIn(text), from, now));
    }
  }
}

describe("every scenario", () => {
  for (const [name, scenario] of Object.entries(SCENARIOS)) {
    it(`${name} is told in a line of 80 columns, and its steps by their own names`, () => {
      assert.ok(scenario.summary.length > 0);
      assert.ok(`${name}  ${scenario.summary}`.length <= 80);
      const steps = scriptFor(scenario, settingsIn(fileOf("dev")), new Date(BEGIN).toISOString());
      assert.equal(new Set(steps.map((step) => step.name)).size, steps.length);
    });

    for (const stack of ENVIRONMENTS) {
      it(`${name} comes in ${stack} to what it says, step by step, by the model's rules`, () => {
        const settings = settingsIn(fileOf(stack));
        const steps = scriptFor(scenario, settings, new Date(BEGIN).toISOString());
        for (const { step, refusers, changed } of played(stack, steps)) {
          assert.deepEqual(refusers, [...(step.refusedBy ?? [])].sort(), step.name);
          assert.ok(changed || step.first || step.calls, `${step.name} changes nothing`);
          assert.equal(step.kind === "refused", step.refusedBy !== undefined, step.name);
        }
      });
    }
  }
});

describe("unsafe-edits", () => {
  const steps = scriptFor(unsafeEdits, settingsIn(fileOf("dev")), new Date(BEGIN).toISOString());

  it("provokes every rule about transitions, or says why it leaves it out", () => {
    const provoked = new Set<string>(steps.flatMap(({ refusedBy = [] }) => refusedBy.slice(0, 1)));
    const told = (id: string) => new RegExp(`\\b${id}\\b`).test(unsafeEdits.about ?? "");
    const silent = RULES.map(({ id }) => id).filter((id) => !provoked.has(id) && !told(id));
    assert.deepEqual(silent, []);
  });

  it("names rules that there are", () => {
    const known = new Set<string>([...RULES.map(({ id }) => id), "settings"]);
    const named = steps.flatMap(({ refusedBy = [] }) => refusedBy);
    assert.deepEqual(
      named.filter((one) => !known.has(one)),
      [],
    );
  });

  it("does nothing with users that they notice", () => {
    assert.ok(steps.every(({ planned }) => planned));
  });
});
