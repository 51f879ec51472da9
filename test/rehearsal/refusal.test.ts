import assert from "node:assert/strict";
import { SettingsError } from "../../model/settings";
import { judge } from "../../model/transition";
import { refusalsIn } from "../../rehearsal/refusal";
import { recorded, release, transition } from "../model/fixtures";
import { changed, faultsOf } from "../model/raw";

const STACK = "pulumi:pulumi:Stack (sluice-dev): ";

describe("refusalsIn", () => {
  it("finds each violation that the program tells, with its rule", () => {
    const violations = judge(transition(recorded(release(0)), release(100, { live: "green" })));
    assert.ok(violations.length > 1);
    const lines = violations.map(({ id, where, message }) => `  ${id} ${where}: ${message}`);
    const found = refusalsIn([`${STACK}this release is refused; nothing was changed:\n${lines.join("\n")}`]);
    assert.deepEqual(
      found,
      violations.map(({ id, where, message }) => ({
        layer: "program",
        rule: id,
        message: `${id} ${where}: ${message}`,
      })),
    );
  });

  it("finds each fault of the settings, also behind the resource that the engine names", () => {
    const faults = faultsOf(changed({ release: { trafic: 1, live: "red" } }));
    const { message } = new SettingsError(faults);
    assert.ok(faults.length > 1);
    assert.deepEqual(
      refusalsIn([STACK + message]),
      message.split("\n").map((line) => ({ layer: "settings", rule: "settings", message: line })),
    );
  });

  it("finds what a policy pack must not let pass, and leaves out its advice", () => {
    const [refused, ...others] = refusalsIn([
      "sluice:release:Transition (release): sluice/T4 [mandatory] sluice:release.green.version: it changes",
      "sluice:release:Transition (release): sluice/T5 [advisory] sluice:release.live: it is early",
    ]);
    assert.deepEqual([refused?.layer, refused?.rule, others], ["policy pack", "T4", []]);
  });

  it("finds what a guard refuses, which has no id", () => {
    const line = "guard refuses api-gateway green 2.4.0: 10 % → 20 %: the version is fenced off";
    assert.deepEqual(refusalsIn([STACK + line]), [{ layer: "guard", message: line }]);
  });

  it("finds nothing in what fails for other reasons, or warns", () => {
    const said = [
      "the engine was killed (pulumi was ended by SIGKILL)",
      `${STACK}guard: api-gateway green 2.4.0: 10 % → 20 % could not be judged here (timeout)`,
      `${STACK}an override of T1 is void`,
      "error: preview failed",
    ];
    assert.deepEqual(refusalsIn(said), []);
  });

  it("tells once what the engine tells of several resources", () => {
    const line = "T1 sluice:release.traffic.green: green would rise";
    assert.equal(refusalsIn([`${STACK}refused:\n  ${line}`, `refused:\n  ${line}`]).length, 1);
  });
});
