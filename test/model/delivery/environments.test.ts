import assert from "node:assert/strict";
import { type Kept, unkept } from "../../../model/delivery/environments";
import { DELIVERY_ROLES, environmentsOf } from "../../../model/delivery/subjects";

const NAMES = [
  ...DELIVERY_ROLES.flatMap((role) => environmentsOf(role, "prod")),
  "prod-infrastructure-manager",
];
const kept = (name: string): Kept => ({ name, reviewed: true, branches: ["main"] });
const ALL = NAMES.map(kept);
const SOUND = { missing: [], open: [], strange: [], unreviewed: [], resting: [] };

describe("the environments of a stack's jobs", () => {
  it("are sound where each is there, limited and approved; a preview's has any branch", () => {
    assert.deepEqual(unkept(ALL, "prod", "prod"), SOUND);
    const every = { branches: "every" } as const;
    const previews = ALL.map((one) => (one.name === "prod-preview" ? { ...one, ...every } : one));
    assert.deepEqual(unkept(previews, "prod", "prod"), SOUND);
  });

  it("are missing where GitHub has none of that name, another stack's notwithstanding", () => {
    const { missing } = unkept([...ALL.slice(1), kept("dev-preview")], "prod", "prod");
    assert.deepEqual(missing, [NAMES[0]]);
  });

  it("must be limited to branches, and approved where a person approves and nowhere else", () => {
    const loose = NAMES.map((name): Kept => ({ name, reviewed: false, branches: "every" }));
    const { open, unreviewed } = unkept(loose, "prod", "prod");
    assert.ok(open.includes("prod-tick") && open.includes("prod-drift") && !open.includes("prod-preview"));
    const asked = ["prod", "prod-infrastructure-manager", "prod-infrastructure", "prod-security"];
    assert.deepEqual(unreviewed, asked);
    assert.deepEqual(unkept(loose, "prod", "staging").unreviewed, []);
  });

  it("are of the stack's own branch alone, and a schedule's of the default one", () => {
    const dev = (branches: Kept["branches"], suffixes: readonly string[]) =>
      NAMES.map((name) => name.replace("prod", "dev")).map((name) => ({
        ...kept(name),
        branches: suffixes.some((suffix) => name === `dev${suffix}`) ? branches : ["develop"],
      }));
    assert.deepEqual(unkept(dev(["main"], ["-tick", "-drift"]), "dev", "dev"), SOUND);
    const { strange } = unkept(dev(["main"], ["-deploy"]), "dev", "dev");
    assert.deepEqual(strange.map(({ name, allowed }) => [name, allowed]).sort(), [
      ["dev-deploy", "develop"],
      ["dev-drift", "main"],
      ["dev-tick", "main"],
    ]);
    for (const branches of [["*"], ["main", "release/*"], ["tag main"], []]) {
      const found = unkept(
        ALL.map((one) => (one.name === "prod-deploy" ? { ...one, branches } : one)),
        ...(["prod", "prod"] as const),
      );
      const told = { name: "prod-deploy", found: branches.join(", ") || "none", allowed: "main" };
      assert.deepEqual(found, { ...SOUND, strange: [told] });
    }
    const resting = ALL.map((one) => ({ ...one, branches: "protected" as const }));
    assert.deepEqual(unkept(resting, "prod", "prod"), {
      ...SOUND,
      resting: NAMES.filter((name) => name !== "prod-preview"),
    });
  });
});
