import assert from "node:assert/strict";
import { unkept } from "../../../model/delivery/environments";
import { DELIVERY_ROLES, environmentsOf } from "../../../model/delivery/subjects";

const NAMES = [
  ...DELIVERY_ROLES.flatMap((role) => environmentsOf(role, "prod")),
  "prod-infrastructure-manager",
];
const kept = (name: string) => ({ name, reviewed: true, limited: true });
const ALL = NAMES.map(kept);
const SOUND = { missing: [], open: [], unreviewed: [] };

describe("the environments of a stack's jobs", () => {
  it("are sound where each is there, limited and approved; a preview's has any branch", () => {
    assert.deepEqual(unkept(ALL, "prod", true), SOUND);
    const previews = ALL.map((one) => (one.name === "prod-preview" ? { ...one, limited: false } : one));
    assert.deepEqual(unkept(previews, "prod", true), SOUND);
  });

  it("are missing where GitHub has none of that name, another stack's notwithstanding", () => {
    const { missing } = unkept([...ALL.slice(1), kept("dev-preview")], "prod", true);
    assert.deepEqual(missing, [NAMES[0]]);
  });

  it("must be limited to branches, and approved where a person approves and nowhere else", () => {
    const loose = NAMES.map((name) => ({ name, reviewed: false, limited: false }));
    const { open, unreviewed } = unkept(loose, "prod", true);
    assert.ok(open.includes("prod-tick") && open.includes("prod-drift") && !open.includes("prod-preview"));
    const asked = ["prod", "prod-infrastructure-manager", "prod-infrastructure", "prod-security"];
    assert.deepEqual(unreviewed, asked);
    assert.deepEqual(unkept(loose, "prod", false).unreviewed, []);
  });
});
