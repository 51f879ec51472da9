import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Delivery } from "../../components/delivery/delivery";
import { clusterHandle } from "./clusterFixture";
import { assertIncludes, record, settled } from "./mocks";

const ROLE = "aws:iam/role:Role";
const PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider";

async function made(provider?: string, stack = "prod") {
  const mocks = record();
  new Delivery("delivery", {
    ...{ app: "app", environment: "prod", project: "sluice", stack },
    ...{ repository: "octo/app", ownerId: "1", repositoryId: "2", stateBucket: "state" },
    cluster: { ...clusterHandle(), name: pulumi.output("app-prod-cluster"), ready: [] },
    key: { arn: pulumi.output("arn:aws:kms:us-east-1:123456789012:key/data") },
    ...(provider !== undefined && { provider }),
  });
  await settled();
  return mocks;
}

describe("Delivery", () => {
  it("makes three roles that jobs of one stack's environments take, and GitHub's provider", async () => {
    const mocks = await made();
    assert.deepEqual(
      mocks.registered.filter(({ type }) => type === ROLE).map(({ inputs }) => inputs["name"]),
      ["app-prod-preview", "app-prod-drift", "app-prod-deploy"],
    );
    assertIncludes(mocks.find(PROVIDER, "delivery"), { url: "https://token.actions.githubusercontent.com" });
    const trust = String(mocks.find(ROLE, "preview")["assumeRolePolicy"]);
    assert.match(trust, /repo:octo\/app:environment:prod-preview/);
    assert.match(trust, /repo:octo@1\/app@2:environment:prod-preview/);
    assert.doesNotMatch(trust, /environment:prod"/);
  });

  it("trusts the environments that the workflows name, which are called as the stack is", async () => {
    const mocks = await made(undefined, "prod-eu");
    const trust = String(mocks.find(ROLE, "deploy")["assumeRolePolicy"]);
    assert.match(trust, /environment:prod-eu-tick"/);
    assert.doesNotMatch(trust, /environment:prod-tick"/);
    const rights = String(mocks.find("aws:iam/rolePolicy:RolePolicy", "deploy")["policy"]);
    assert.match(rights, /stacks\/sluice\/prod-eu\.\*/);
  });

  it("uses the provider that the account has", async () => {
    const arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com";
    const mocks = await made(arn);
    assert.ok(mocks.registered.every(({ type }) => type !== PROVIDER));
    assert.match(String(mocks.find(ROLE, "deploy")["assumeRolePolicy"]), new RegExp(arn));
  });

  it("lets previews look at the cluster, and the drift at its secrets too, in which Helm keeps releases", async () => {
    const mocks = await made();
    const views = mocks.registered.filter(
      ({ type }) => type === "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
    );
    assert.deepEqual(
      views.map(({ name, inputs }) => [name, String(inputs["policyArn"]).split("/").at(-1)]),
      [
        ["preview-view", "AmazonEKSViewPolicy"],
        ["drift-view", "AmazonEKSAdminViewPolicy"],
      ],
    );
  });
});
