import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { withinBoundary } from "../../components/delivery/boundary";
import { BOUNDARY } from "../../model/delivery/deployRights";

const bound = withinBoundary({ app: "app", environment: "prod" });
const propsOf = async (type: string, props: object) =>
  (await bound({ type, props, opts: {} } as unknown as pulumi.ResourceTransformArgs))?.props;

describe("withinBoundary", () => {
  it("binds every role that the program makes, and changes nothing else of it", async () => {
    assert.deepEqual(await propsOf("aws:iam/role:Role", { assumeRolePolicy: "{}" }), {
      assumeRolePolicy: "{}",
      permissionsBoundary: BOUNDARY,
    });
  });

  it("leaves CI's own roles to the person who makes them, and what is no role", async () => {
    for (const role of ["preview", "drift", "deploy"])
      assert.equal(await propsOf("aws:iam/role:Role", { name: `app-prod-${role}` }), undefined);
    assert.ok(await propsOf("aws:iam/role:Role", { name: "app-dev-deploy" }));
    assert.equal(await propsOf("aws:iam/rolePolicy:RolePolicy", { name: "x" }), undefined);
  });
});
