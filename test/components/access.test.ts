import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { accessEntries, withoutCreatorAdmin } from "../../components/cluster/access";
import type { Access } from "../../model/access";
import { record, settled } from "./mocks";

const ENTRY = "aws:eks/accessEntry:AccessEntry";
const ASSOCIATION = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation";
const TEAM = "arn:aws:iam::123456789012:role/team";
const DEPLOY = "arn:aws:iam::123456789012:role/ci/deploy";

async function made(access: Access) {
  const mocks = record();
  accessEntries({ clusterName: "cluster", access, namespace: "app" }, {});
  await settled();
  return mocks;
}

/** What each role may do and where, by its ARN. */
async function rights(access: Access): Promise<Record<string, Record<string, unknown>>> {
  const mocks = await made(access);
  const found: Record<string, Record<string, unknown>> = {};
  for (const { inputs } of mocks.registered.filter(({ type }) => type === ASSOCIATION)) {
    const policy = String(inputs["policyArn"]).replace("arn:aws:eks::aws:cluster-access-policy/", "");
    (found[String(inputs["principalArn"])] ??= {})[policy] = inputs["accessScope"];
  }
  return found;
}

describe("accessEntries", () => {
  it("lets nobody in where nobody is named", async () => {
    assert.deepEqual((await made({ admins: [], deployers: [] })).registered, []);
  });

  it("lets admins do everything, and deployers change the services' namespace and look elsewhere", async () => {
    assert.deepEqual(await rights({ admins: [TEAM], deployers: [DEPLOY] }), {
      [TEAM]: { AmazonEKSClusterAdminPolicy: { type: "cluster" } },
      [DEPLOY]: {
        AmazonEKSAdminPolicy: { type: "namespace", namespaces: ["app"] },
        AmazonEKSViewPolicy: { type: "cluster" },
      },
    });
  });

  it("enters a role once that is named twice, by its greater rights", async () => {
    const access = { admins: [TEAM, TEAM], deployers: [TEAM, DEPLOY] };
    assert.deepEqual(Object.keys((await rights(access))[TEAM]!), ["AmazonEKSClusterAdminPolicy"]);
    assert.equal((await made(access)).names(ENTRY).length, 2);
  });

  it("names entries by their role, so that the order of a list changes nothing", async () => {
    const forth = (await made({ admins: [TEAM, DEPLOY], deployers: [] })).names(ENTRY);
    const back = (await made({ admins: [DEPLOY, TEAM], deployers: [] })).names(ENTRY);
    assert.deepEqual(forth.toSorted(), back.toSorted());
    assert.equal(new Set(forth).size, 2);
  });
});

describe("withoutCreatorAdmin", () => {
  const apply = async (type: string, props: Record<string, unknown>) =>
    (await withoutCreatorAdmin({ type, props } as unknown as pulumi.ResourceTransformArgs))?.props;

  it("takes from the cluster's creator what no entry shows, and nothing else", async () => {
    const accessConfig = { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true };
    assert.deepEqual(await apply("aws:eks/cluster:Cluster", { name: "c", accessConfig }), {
      name: "c",
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
    });
  });

  it("leaves everything else as it is", async () => {
    assert.equal(await apply("aws:iam/role:Role", { name: "c" }), undefined);
  });
});
