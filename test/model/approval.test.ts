import assert from "node:assert/strict";
import {
  type Approval,
  approvalParameter,
  irrelevance,
  isApprover,
  parseApproval,
} from "../../model/approval";
import { START } from "./fixtures";

const USER = "arn:aws:iam::123456789012:user/ana";
const ROLE = "arn:aws:iam::123456789012:role/teams/release-approvers";
const SESSION = "arn:aws:sts::123456789012:assumed-role/release-approvers/ana@example.com";
const APPROVAL: Approval = {
  ...{ gate: "go", version: "2.4.0", share: 10, by: USER, at: START, reason: "read 200 transcripts" },
};

describe("an approval", () => {
  it("is kept by the gate's name, and read as it was written", () => {
    assert.equal(approvalParameter("app", "prod", "go"), "/sluice/app/prod/approvals/go");
    assert.equal(approvalParameter("app", "prod", "go", "a"), "/sluice/app/prod/approvals/flags/a/go");
    assert.deepEqual(parseApproval(JSON.stringify(APPROVAL)), APPROVAL);
  });

  it("is none where anything of it is missing or of another kind", () => {
    const texts = Object.keys(APPROVAL).flatMap((key) => [
      JSON.stringify({ ...APPROVAL, [key]: undefined }),
      JSON.stringify({ ...APPROVAL, [key]: { $ne: null } }),
    ]);
    for (const text of ["", "yes", "null", "[]", JSON.stringify({ ...APPROVAL, at: "today" }), ...texts]) {
      assert.throws(() => parseApproval(text), /not the JSON of an approval/, text);
    }
  });

  it("counts for its gate, its version and its step alone, and says which it was given for", () => {
    assert.equal(irrelevance(APPROVAL, APPROVAL), undefined);
    assert.match(irrelevance(APPROVAL, { ...APPROVAL, gate: "accuracy" }) ?? "", /gate go/);
    assert.match(
      irrelevance(APPROVAL, { ...APPROVAL, version: "2.4.1" }) ?? "",
      /but 2\.4\.0; 2\.4\.1 needs/,
    );
    assert.match(irrelevance(APPROVAL, { ...APPROVAL, share: 50 }) ?? "", /but at 10 %; it is at 50 % now/);
  });
});

describe("an approver", () => {
  it("is who is named whole, or has the role that is named", () => {
    for (const arn of [USER, ROLE, SESSION]) assert.ok(isApprover(arn, arn));
    assert.ok(isApprover(SESSION, ROLE));
    assert.ok(isApprover(SESSION, "arn:aws:iam::123456789012:role/release-approvers"));
  });

  it("is nobody of another account, role or partition, nor who merely calls himself so", () => {
    for (const caller of [
      "arn:aws:sts::210987654321:assumed-role/release-approvers/ana@example.com",
      "arn:aws:sts::123456789012:assumed-role/deploy/release-approvers",
      "arn:aws:sts::123456789012:assumed-role/release-approvers2/ana",
      "arn:aws-cn:sts::123456789012:assumed-role/release-approvers/ana",
      "arn:aws:iam::123456789012:user/release-approvers",
      "",
    ]) {
      assert.ok(!isApprover(caller, ROLE), caller);
    }
    // A session names itself.
    assert.ok(!isApprover("arn:aws:sts::123456789012:assumed-role/deploy/ana@example.com", SESSION));
    assert.ok(!isApprover(ROLE, SESSION));
  });
});
