import assert from "node:assert/strict";
import { environmentsOf, subjectsOf, trustPolicy } from "../../../model/delivery/subjects";

const NAMES = { repository: "octo/app" };
const IDS = { ...NAMES, ownerId: "1234", repositoryId: "5678" };

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
});
