import assert from "node:assert/strict";
import { CloudError, Faults, type Fault } from "../../rehearsal/cloud/faults";

const RULE = "aws:lb/listenerRule:ListenerRule";

const fault = (more: Partial<Fault> = {}): Fault => ({
  action: "update",
  type: RULE,
  name: "^api$",
  error: { code: "Throttling", message: "Rate exceeded" },
  ...more,
});

const call = { action: "update", type: RULE, name: "api" } as const;

const meets = (code: string) => (error: unknown) => error instanceof CloudError && error.code === code;

describe("Faults", () => {
  it("fail the calls that match by action, type and name, and no others", () => {
    const faults = new Faults();
    faults.add(fault());
    assert.throws(() => faults.check(call), meets("Throttling"));
    assert.doesNotThrow(() => faults.check({ ...call, action: "create" }));
    assert.doesNotThrow(() => faults.check({ ...call, type: "aws:lb/listener:Listener" }));
    assert.doesNotThrow(() => faults.check({ ...call, name: "api-preview" }));
  });

  it("find the name anywhere in it unless the expression is anchored", () => {
    const faults = new Faults();
    faults.add(fault({ name: "api" }));
    assert.throws(() => faults.check({ ...call, name: "the-api-rule" }), meets("Throttling"));
  });

  it("are over after the stated number of calls", () => {
    const faults = new Faults();
    faults.add(fault({ times: 2 }));
    assert.throws(() => faults.check(call));
    assert.throws(() => faults.check(call));
    assert.doesNotThrow(() => faults.check(call));
  });

  it("last until they are cleared when no number is stated", () => {
    const faults = new Faults();
    faults.add(fault());
    for (let i = 0; i < 20; i++) assert.throws(() => faults.check(call));
    faults.clear();
    assert.doesNotThrow(() => faults.check(call));
  });

  it("are met in the order in which they were added", () => {
    const faults = new Faults();
    faults.add(fault({ times: 1, error: { code: "First", message: "" } }));
    faults.add(fault({ error: { code: "Second", message: "" } }));
    assert.throws(() => faults.check(call), meets("First"));
    assert.throws(() => faults.check(call), meets("Second"));
  });

  it("refuse a number of calls that can't be, and a name that is no regular expression", () => {
    const faults = new Faults();
    assert.throws(() => faults.add(fault({ times: 0 })), /whole number above 0/);
    assert.throws(() => faults.add(fault({ times: 1.5 })), /whole number above 0/);
    assert.throws(() => faults.add(fault({ name: "(" })), SyntaxError);
  });
});
