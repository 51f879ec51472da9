import assert from "node:assert/strict";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation";
import { transitionInputs } from "../../model/footprint";
import type { Transition } from "../../model/transition";
import { CASES } from "../policies/cases";
import {
  type Closing,
  PATIENCE,
  PROJECT,
  type Probe,
  type Probed,
  type StoppedClock,
  closeAll,
  probe,
  stoppedClock,
} from "./fixture";

const component = (name: string, transition: Transition): Probed => ({
  type: "sluice:release:Transition",
  name,
  inputs: transitionInputs(transition),
});

/** The layers before and after the pack are out of the way: the program here judges nothing, and asks nobody. */
describe("the transition's policy pack alone, in a preview of the real engine", function () {
  this.timeout(PATIENCE);
  const opened: Closing[] = [];
  let program: Probe;
  let clock: StoppedClock;

  before(async () => {
    clock = await stoppedClock();
    opened.push(clock);
    program = await probe({ env: clock.env });
    opened.push(program);
  });
  after(() => closeAll(opened));

  const preview = async (now: string, components: readonly Probed[]) => {
    await clock.stopAt(now);
    await program.set(components);
    const violations: string[] = [];
    const onEvent = ({ policyEvent }: EngineEvent) => policyEvent && violations.push(policyEvent.policyName);
    const policyPacks = [join(PROJECT, "policies")];
    const { result, diagnostics } = await program.stack.preview({ policyPacks, onEvent });
    return { result, diagnostics, ids: [...new Set(violations)] };
  };

  for (const { id, what, refused } of CASES) {
    it(`fails by ${id} over ${what}`, async () => {
      const { result, diagnostics, ids } = await preview(refused.now, [component("release", refused)]);
      assert.deepEqual([result, ids], ["failed", [id]], diagnostics.join("\n"));
    });
  }

  it("passes every one of these that is a unit smaller, all of one moment in one preview", async () => {
    for (const now of new Set(CASES.map(({ permitted }) => permitted.now))) {
      const same = CASES.filter(({ permitted }) => permitted.now === now);
      const all = same.map(({ id, permitted }, index) => component(`${id}-${index}`, permitted));
      const { result, diagnostics } = await preview(now, all);
      assert.equal(result, "succeeded", diagnostics.join("\n"));
    }
  });
});
