import assert from "node:assert/strict";
import { signIn } from "../../rehearsal/cloud/data/sign-in";
import { DB_INSTANCE } from "../../rehearsal/cloud/data/users";
import { Cloud } from "./providers-fixture";

describe("signing in to the local database", () => {
  const { world } = new Cloud();
  const put = (id: string, more: Record<string, string>) =>
    world.put({ type: DB_INSTANCE, id, properties: { identifier: id, address: `${id}.local`, ...more } });
  before(() => {
    put("primary", { username: "app", password: "right" });
    put("one", { replicateSourceDb: "primary" });
    put("two", { replicateSourceDb: "primary" });
  });
  const refused = (hosts: string, password = "right") =>
    signIn(world, `postgresql://app:${password}@${hosts}/app?sslmode=verify-full&load_balance_hosts=random`);

  it("asks each of the replicas that one URL names, as any of them may be the one", () => {
    assert.equal(refused("one.local:5432,two.local:5432"), undefined);
    assert.match(refused("one.local:5432,two.local:5432", "wrong") ?? "", /password authentication failed/);
    assert.match(refused("one.local:5432,three.local:5432") ?? "", /host name "three\.local"/);
  });

  it("asks the host of a URL that names one, and refuses a URL that is none", () => {
    assert.equal(refused("primary.local:5432"), undefined);
    assert.match(refused("pri mary") ?? "", /cannot be read/);
  });
});
