import assert from "node:assert/strict";
import { RunError } from "@pulumi/pulumi";
import { refuseViolations } from "../../components/refusal";
import { recorded, release, transition } from "../model/fixtures";

const said = (asked: Parameters<typeof refuseViolations>[0]): string[] => {
  try {
    refuseViolations(asked);
    return [];
  } catch (error) {
    assert.ok(error instanceof RunError, "else people get a stack trace");
    return error.message.split("\n");
  }
};

describe("a release that is refused", () => {
  it("is told with every rule, and then how somebody answers for each, in places of their own", () => {
    const freezes = [{ reason: "inventory", from: "2026-03-01T09:00:00Z", until: "2026-03-01T11:00:00Z" }];
    const asked = transition(recorded(release(10)), release(60));
    const [head, ...lines] = said({ ...asked, limits: { ...asked.limits, freezes } });
    assert.equal(head, "this release is refused; nothing was changed:");
    assert.deepEqual(
      lines.map((line) => line.replace(/(T\d+).*?(overrides\[\d\]\.rule' T\d+|$).*/, "$1 $2").trim()),
      ["T1", "T10", "Or answer for T1 overrides[0].rule' T1", "Or answer for T10 overrides[1].rule' T10"],
    );
  });

  it("is not told how to answer for what cannot work", () => {
    const lines = said(transition(recorded(release(0)), release(0, { traffic: { blue: 90, green: 11 } })));
    assert.match(lines.join("\n"), /^ {2}S6 /m);
    assert.doesNotMatch(lines.join("\n"), /answer for S6/);
  });

  it("is none where nothing refuses it", () => {
    assert.deepEqual(said(transition(recorded(release(10)), release(11))), []);
  });
});
