import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { podIdentity, podRole } from "../../components/cluster/podRole";
import { takenBy } from "./clusterFixture";
import { record, settled } from "./mocks";

const account = {
  cluster: { oidcProviderArn: pulumi.output("arn:oidc"), oidcIssuer: pulumi.output("https://issuer") },
  namespace: "app",
  serviceAccount: "api",
};
const POLICY = JSON.stringify({ Version: "2012-10-17", Statement: [] });
const MANAGED = "arn:aws:iam::aws:policy/service-role/Managed";

describe("podRole", () => {
  it("is taken by one service account alone, through the cluster's own provider", async () => {
    const mocks = record();
    podRole("role", { ...account, policy: POLICY }, {});
    await settled();
    const { assumeRolePolicy } = mocks.find("aws:iam/role:Role", "role");
    assert.equal(takenBy(assumeRolePolicy), "app:api");
    assert.match(assumeRolePolicy as string, /"Federated":"arn:oidc"/);
  });

  it("may do what its policy says, and nothing besides", async () => {
    const mocks = record();
    podRole("role", { ...account, policy: POLICY }, {});
    await settled();
    assert.equal(mocks.find("aws:iam/rolePolicy:RolePolicy", "role")["policy"], POLICY);
    assert.deepEqual(mocks.names("aws:iam/rolePolicyAttachment:RolePolicyAttachment"), []);
  });
});

describe("podIdentity", () => {
  it("gives every policy to wait for, its own and AWS's", async () => {
    const mocks = record();
    const { policies } = podIdentity("role", { ...account, policy: POLICY }, {}, [MANAGED]);
    await settled();
    assert.equal(policies.length, 2);
    const attached = mocks.find("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "role-Managed");
    assert.equal(attached["policyArn"], MANAGED);
  });

  it("has no policy of its own where AWS's are enough", async () => {
    const mocks = record();
    const { policies } = podIdentity("role", account, {}, [MANAGED]);
    await settled();
    assert.equal(policies.length, 1);
    assert.deepEqual(mocks.names("aws:iam/rolePolicy:RolePolicy"), []);
  });
});
