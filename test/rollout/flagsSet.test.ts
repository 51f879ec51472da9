import assert from "node:assert/strict";
import { DEPLOYED, FLAGGED, type Flagged, LOCKED, changed, weekOldFlag } from "./flags-fixture";

describe("sluice flags set", function () {
  this.timeout(30_000);
  let flagged: Flagged;
  beforeEach(async () => {
    flagged = await weekOldFlag();
  });
  afterEach(() => flagged.end());

  const sluice = (...args: string[]) => flagged.project.call("flags", ...args);
  const set = (...args: string[]) => sluice("set", "partial-results", "-s", "dev", ...args);

  it("edits the one value, as a person would, and updates what follows a release", async () => {
    const { code, printed } = await set("--percentage", "50");
    assert.equal(code, 0, printed);
    assert.deepEqual(changed(FLAGGED, await flagged.file()), [
      "      rollout_percentage: 50 # of the sessions",
    ]);
    const [update, ...more] = await flagged.updated();
    assert.deepEqual(more, []);
    assert.match(update!, /--message flags set partial-results: 50/);
    assert.deepEqual(
      [...update!.matchAll(/--target \S+::(\S+)/g)].map(([, name]) => name),
      ["release", "flag-partial-results"],
    );
  });

  it("enables, and changes settings, in one edit", async () => {
    const file = FLAGGED.replace("max_buffer", "enabled: false\n      max_buffer");
    await flagged.project.write("Pulumi.dev.yaml", file);
    await flagged.deployed(file, 7 * 24);
    await flagged.put({ ...DEPLOYED, enabled: false });
    const settings = ["--setting", "max_buffer_timeout=3.5", "--setting", "min_stability_threshold=0.9"];
    const { code, printed } = await set("--enable", ...settings);
    assert.equal(code, 0, printed);
    assert.deepEqual(changed(file, await flagged.file()), [
      "      enabled: true",
      "      max_buffer_timeout: 3.5",
      "      min_stability_threshold: 0.9",
    ]);
  });

  it("leaves the update to others where it is told to", async () => {
    assert.equal((await set("--percentage", "50", "--write-only")).code, 0);
    assert.match(await flagged.file(), /rollout_percentage: 50/);
    assert.deepEqual(await flagged.updated(), []);
  });

  /** Rises that are not good now, what is done to the world before, and how the command ends. */
  const held: Readonly<Record<string, readonly [() => unknown, string[], number, RegExp]>> = {
    "past the next stop of the plan": [
      () => undefined,
      ["--percentage", "51"],
      3,
      /next stop of its plan \(weekly\) is 50 %/,
    ],
    "before the step has baked": [
      () => flagged.deployed(FLAGGED, 24),
      ["--percentage", "50"],
      3,
      /stays at 10 % for 6 d more.*\n.*the same command with --anyway/s,
    ],
    "over what somebody has lowered in SSM": [
      () => flagged.put({ ...DEPLOYED, rollout_percentage: 5 }),
      ["--percentage", "50", "--anyway"],
      5,
      /It has 5 %.*rollout_percentage' 5/,
    ],
    "beside a setting, over a kill switch that configuration has not heard of": [
      () => flagged.put({ ...DEPLOYED, enabled: false }),
      ["--setting", "max_buffer_timeout=3"],
      5,
      /would rise to 10 % .* It has 0 %.*enabled' false/,
    ],
    "over a state that nobody can read": [
      () => flagged.stateless(),
      ["--percentage", "50"],
      6,
      /--write-only leaves that to the update/,
    ],
    "over what cannot be read": [() => flagged.put("{"), ["--percentage", "50"], 6, /could not be seen/],
    "over what cannot be seen": [
      () => flagged.aws.fail("ssm:GetParameter", "AccessDeniedException"),
      ["--percentage", "50"],
      6,
      /AccessDeniedException/,
    ],
    "together with a version that is new to too many": [
      async () => {
        const file = FLAGGED.replace("blue: 100, green: 0", "blue: 40, green: 60").replace(
          "{}",
          '{ version: "2.4.0" }',
        );
        await flagged.project.write("Pulumi.dev.yaml", file);
        await flagged.deployed(file, 7 * 24);
      },
      ["--percentage", "50"],
      3,
      /T11: green .* 60 % × 50 % = 30 %/,
    ],
  };
  for (const [what, [prepare, args, expected, why]] of Object.entries(held)) {
    it(`writes nothing for a rise ${what}, and ends with ${expected}`, async () => {
      await prepare();
      const before = await flagged.file();
      const { code, printed } = await set(...args);
      assert.equal(code, expected, printed);
      assert.match(printed, /NOT set:/);
      assert.match(printed, why);
      assert.equal(await flagged.file(), before);
      assert.deepEqual(await flagged.updated(), []);
    });
  }

  it("goes on before the bake time is over where a person answers for it", async () => {
    await flagged.deployed(FLAGGED, 24);
    assert.equal((await set("--percentage", "50", "--anyway")).code, 0);
  });

  it("asks nobody whether it may fall", async () => {
    await flagged.put("{");
    await flagged.deployed(FLAGGED, 0);
    const { code, printed } = await set("--percentage", "3");
    assert.equal(code, 0, printed);
    assert.deepEqual(await flagged.held(), { ...DEPLOYED, rollout_percentage: 3 });
  });

  it("takes a fall to SSM first, whoever holds the stack, and leaves SSM alone where it has no more", async () => {
    const order = async (...args: string[]) =>
      JSON.parse((await set("--json", ...args)).printed).journal.flatMap(
        ({ effect }: { effect?: string }) => effect ?? [],
      );
    await flagged.updates(LOCKED);
    const { code, printed } = await set("--percentage", "3");
    assert.equal(code, 7, printed);
    assert.match(printed, /config: 3 % of the sessions.*rollout_percentage 3.*is locked/s);
    assert.deepEqual(await flagged.held(), { ...DEPLOYED, rollout_percentage: 3 });
    await flagged.updates("exit 1");
    assert.deepEqual(await order("--percentage", "2"), ["flag", "write", "update"]);
    assert.deepEqual(await order("--percentage", "1", "--write-only"), ["flag", "write"]);
    await flagged.put({ ...DEPLOYED, enabled: false });
    assert.deepEqual(await order("--percentage", "0", "--write-only"), ["write"]);
    assert.deepEqual(await flagged.held(), { ...DEPLOYED, enabled: false });
  });

  it("says where a fall did not reach SSM, and does the rest", async () => {
    await flagged.aws.fail("ssm:PutParameter", "AccessDeniedException");
    const { code, printed } = await set("--percentage", "3", "--write-only");
    assert.equal(code, 5, printed);
    assert.match(printed, /NOT lowered to 3 %: AccessDeniedException/);
    assert.match(await flagged.file(), /rollout_percentage: 3/);
  });

  it("ends with 7 where the stack stays locked, 5 where the update fails, and keeps the edit", async () => {
    await flagged.updates(LOCKED);
    const locked = await set("--percentage", "50", "--json");
    assert.equal(locked.code, 7, locked.printed);
    const { state, flag, code, journal } = JSON.parse(locked.printed);
    assert.deepEqual([state, flag, code, journal[0].effect], ["locked", "partial-results", 7, "write"]);
    await flagged.updates("echo refused; exit 1");
    const failed = await set("--percentage", "50");
    assert.equal(failed.code, 5);
    assert.match(failed.printed, /asks for it already.*the update failed:\n +refused/s);
  });

  it("leaves the update to a person where configuration asks for more than flags", async () => {
    const edits: Readonly<Record<string, string>> = {
      traffic: FLAGGED.replace("blue: 100, green: 0", "blue: 90, green: 10").replace(
        "{}",
        '{ version: "2.4.0" }',
      ),
      "the new flag search": `${FLAGGED}    search: {}\n`,
      services: `${FLAGGED}  sluice:services: { storage: { replicas: 3 } }\n`,
    };
    for (const [what, file] of Object.entries(edits)) {
      await flagged.project.write("Pulumi.dev.yaml", file);
      const { code, printed } = await set("--percentage", "9");
      assert.equal(code, 5);
      assert.match(printed, new RegExp(`no update: configuration asks for more than flags .*${what}`));
      assert.deepEqual(await flagged.updated(), []);
    }
  });

  it("ends with 2 on what it cannot mean", async () => {
    const wrong = [
      ["set", "partial", "-s", "dev", "--percentage", "1"],
      ...[[], ["--percentage", "101"], ["--percentage", "half"], ["--setting", "speed=1"]].map((args) => [
        ...["set", "partial-results", "-s", "dev"],
        ...args,
      ]),
      ["set", "partial-results", "-s", "dev", "--setting", "max_buffer_timeout=11"],
      ["set", "partial-results", "--percentage", "1"],
    ];
    for (const args of wrong) {
      const { code, complained } = await sluice(...args);
      assert.equal(code, 2, `${args.join(" ")}: ${complained}`);
    }
    assert.equal(await flagged.file(), FLAGGED);
  });
});
