import assert from "node:assert/strict";
import {
  clockFinding,
  fault,
  lockFinding,
  ok,
  outcomeOf,
  pendingFinding,
  refusal,
  targetsFinding,
  unseen,
  warn,
} from "../../model/doctor";
import type { LiveRule } from "../../model/live";
import { greenAt } from "../../model/release";

describe("the outcome of a look at the set-up", () => {
  it("is sound with warnings, unseen where that is all, and faulty where anything was seen to be wrong", () => {
    assert.equal(outcomeOf([]), "sound");
    assert.equal(outcomeOf([ok("a"), warn("b")]), "sound");
    assert.equal(outcomeOf([ok("a"), unseen("b")]), "unseen");
    assert.equal(outcomeOf([unseen("b"), fault("c")]), "faulty");
  });
});

describe("what AWS refuses", () => {
  it("names the permission where that is what lacks, and what gives credentials where they do", () => {
    const denied = refusal("AccessDeniedException: User: arn is not authorized to perform", [
      "ssm:GetParameter",
    ]);
    assert.equal(denied.mend, "let a policy of whoever this is allow ssm:GetParameter");
    assert.match(refusal("ExpiredToken: The security token is expired", []).mend!, /aws sso login/);
    assert.match(refusal("CredentialsProviderError: Could not load credentials", []).mend!, /AWS_PROFILE/);
    assert.match(refusal("InvalidClientTokenId: no", []).mend!, /get-caller-identity/);
    const other = refusal("connect ECONNREFUSED", ["ssm:GetParameter"]);
    assert.deepEqual(other, { level: "fault", text: "connect ECONNREFUSED", isUnseen: true });
  });
});

describe("the clock", () => {
  it("is at fault beyond what decisions allow, either way", () => {
    assert.deepEqual(
      [0, 60, -60].map((seconds) => clockFinding(seconds).level),
      ["ok", "ok", "ok"],
    );
    assert.match(clockFinding(61).text, /61 s ahead of AWS's; 60 s are allowed/);
    assert.match(clockFinding(-61).text, /61 s behind AWS's/);
    assert.equal(clockFinding(-61).level, "fault");
  });
});

describe("targets", () => {
  const rule = (green: number): LiveRule => ({
    ...{ service: "api", arn: "arn", sticky: true, stickySeconds: 60, shares: greenAt(green) },
    targetGroups: { blue: "b", green: "g" },
  });
  const all = { healthy: 2, registered: 2 };

  it("are at fault where traffic goes and nobody is healthy, and nowhere else", () => {
    const none = { healthy: 0, registered: 2 };
    assert.equal(targetsFinding([rule(10)], { api: { blue: all, green: none } }).level, "fault");
    assert.equal(targetsFinding([rule(0)], { api: { blue: all, green: none } }).level, "ok");
    const some = targetsFinding([rule(10)], { api: { blue: all, green: { healthy: 1, registered: 2 } } });
    assert.deepEqual([some.level, some.text], ["warn", "not all healthy: api green 1/2"]);
    assert.equal(targetsFinding([], {}).level, "ok");
  });
});

describe("a stack", () => {
  it("is told to be locked by whom, with what clears that, and whole where nothing is pending", () => {
    assert.equal(lockFinding("prod", { value: [] }).level, "ok");
    const owner = { user: "ana", host: "ci-1", pid: 1, since: "2026-03-01T10:00:00.000Z" };
    const held = lockFinding("prod", { value: [{ by: "ana@ci-1 (pid 1)", owner }] });
    assert.equal(held.text, `an update by ana@ci-1 (pid 1) holds the stack since ${owner.since}`);
    assert.match(held.mend!, /sluice unlock -s prod/);
    assert.match(lockFinding("prod", { value: [{}] }).text, /^an update by somebody holds the stack$/);
    assert.equal(lockFinding("prod", { unseen: "denied" }).isUnseen, true);
    assert.equal(pendingFinding("prod", { value: [] }).level, "ok");
    const pending = pendingFinding("prod", { value: [{ urn: "urn::a::type::db", operation: "creating" }] });
    assert.equal(pending.text, "an update broke off while creating db");
    assert.match(pending.mend!, /pulumi refresh -s prod --clear-pending-creates/);
    assert.equal(pendingFinding("prod", { unseen: "denied" }).isUnseen, true);
  });
});
