import assert from "node:assert/strict";
import { rightsOf } from "../../../model/delivery/rights";
import { environmentsOf, subjectsOf, trustPolicy } from "../../../model/delivery/subjects";

const NAMES = { repository: "octo/app" };
const IDS = { ...NAMES, ownerId: "1234", repositoryId: "5678" };
const ABOUT = { app: "app", environment: "prod", stateBucket: "state", stateKey: "arn:key" };
const actions = (role: "preview" | "drift" | "deploy") =>
  rightsOf(role, ABOUT)
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap(({ Action }) => Action);

describe("who may take a stack's roles", () => {
  it("is told by both forms of GitHub's subjects, where the ids are known", () => {
    assert.deepEqual(subjectsOf(NAMES, ["prod"]), ["repo:octo/app:environment:prod"]);
    assert.deepEqual(subjectsOf(IDS, ["prod"]), [
      "repo:octo/app:environment:prod",
      "repo:octo@1234/app@5678:environment:prod",
    ]);
  });

  it("is a job of a named environment, of this stack alone, and never a pattern", () => {
    assert.deepEqual(environmentsOf("preview", "prod"), ["prod-preview"]);
    assert.ok(!environmentsOf("deploy", "prod").includes("prod-preview"));
    const subjects = subjectsOf(IDS, environmentsOf("deploy", "prod"));
    const policy = trustPolicy("arn:provider", subjects);
    assert.doesNotMatch(policy, /[*?]|StringLike/);
    assert.match(policy, /"token\.actions\.githubusercontent\.com:aud":"sts\.amazonaws\.com"/);
  });

  it("changes nothing by the roles that preview and look", () => {
    for (const role of ["preview", "drift"] as const)
      for (const action of actions(role))
        assert.match(action, /^[\w-]+:(?:Get|List|Decrypt)/, `${role} ${action}`);
    assert.ok(!actions("preview").includes("secretsmanager:GetSecretValue"));
  });

  it("cannot change by a job who may take the roles", () => {
    const denied = rightsOf("deploy", ABOUT).filter(({ Effect }) => Effect === "Deny");
    assert.equal(denied.length, 1);
    assert.ok(denied[0]!.Action.includes("iam:UpdateAssumeRolePolicy"));
    assert.ok(denied[0]!.Resource.includes("arn:aws:iam::*:role/app-prod-deploy"));
    assert.ok(!actions("deploy").some((action) => /User|AccessKey/.test(action)));
  });
});
