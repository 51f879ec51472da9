import assert from "node:assert/strict";
import { commandLine } from "../../rollout/main";
import { call } from "./fixture";
import { BARE, DEPLOYED, FLAGGED, type Flagged, LOCKED, changed, flaggedProject } from "./flags-fixture";

describe("sluice flags", function () {
  this.timeout(30_000);
  let flagged: Flagged;
  beforeEach(async () => {
    flagged = await flaggedProject();
    await flagged.deployed(FLAGGED, 7 * 24);
    await flagged.put(DEPLOYED);
  });
  afterEach(() => flagged.end());

  const sluice = (...args: string[]) => flagged.project.call("flags", ...args);
  const bare = (...args: string[]) => call(flagged.bare, "flags", ...args);

  it("has an example and its exit codes in the help of each command, on lines of a terminal", () => {
    const group = commandLine({ folder: flagged.bare, print: () => {} }).commands.find(
      (command) => command.name() === "flags",
    )!;
    assert.deepEqual(
      group.commands.map((command) => command.name()),
      ["list", "get", "set", "disable"],
    );
    for (const command of group.commands) {
      let help = "";
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      assert.match(help, new RegExp(`Examples?:\n  sluice flags ${command.name()}`));
      assert.match(help, /Ends\s+with\s+0/);
      for (const line of help.split("\n")) assert.ok(line.length <= 80, line);
    }
  });

  describe("list and get", () => {
    it("say what both say, and end with 0", async () => {
      const { code, printed } = await sluice("list", "-s", "dev");
      assert.deepEqual([code, printed], [0, "partial-results  on, 10 %          next stop 50 %"]);
      const one = await sluice("get", "partial-results", "-s", "dev");
      assert.equal(one.code, 0, one.printed);
      assert.match(
        one.printed,
        /^flag +partial-results\nparameter +\/voiceassist\/dev\/partial-results\/config\n/,
      );
      assert.match(one.printed, /state +on, 10 %\nwritten +version 1.*\nsettings +max_buffer_timeout 5\n/);
      assert.match(one.printed, /plan +weekly: 10, 50, 100 %; next stop 50 %$/);
    });

    it("end with 5 where SSM has something else, and say what", async () => {
      await flagged.put({ ...DEPLOYED, enabled: false });
      await flagged.put({ enabled: true, rollout_percentage: 3 }, "/voiceassist/dev/old/config");
      const { code, printed } = await sluice("list", "-s", "dev");
      assert.equal(code, 5);
      assert.match(
        printed,
        /partial-results {2}off \(10 %\).*\n {2}! SSM differs from configuration: enabled true → false/,
      );
      assert.match(printed, /old {14}on, 3 %\n {2}! it is not declared in configuration/);
      const json = JSON.parse((await sluice("list", "-s", "dev", "--json")).printed);
      assert.deepEqual(
        json.flags.map((flag: { name: string; live: { enabled: boolean } }) => [
          flag.name,
          flag.live.enabled,
        ]),
        [
          ["old", true],
          ["partial-results", false],
        ],
      );
      for (const line of printed.split("\n")) assert.ok(line.length <= 80, line);
    });

    it("say where a value is malformed, and where there is no parameter yet", async () => {
      await flagged.put("{");
      const { code, printed } = await sluice("get", "partial-results", "-s", "dev", "--json");
      const { flag } = JSON.parse(printed);
      assert.deepEqual([code, flag.live, flag.version], [5, null, 2]);
      assert.match(flag.differences[0], /no JSON object/);
      const file = `${FLAGGED}    new: {}\n`;
      await flagged.project.write("Pulumi.dev.yaml", file);
      assert.match((await sluice("list", "-s", "dev")).printed, /new .*\n {2}! it has no parameter yet/);
    });

    it("work without a project, each environment by itself", async () => {
      await flagged.put(DEPLOYED, "/voiceassist/search/config");
      assert.deepEqual((await bare("list", ...BARE)).printed, "partial-results  on, 10 %");
      const prod = await bare("list", ...BARE.map((word) => (word === "dev" ? "prod" : word)));
      assert.equal(prod.printed, "search  on, 10 %");
      assert.equal((await bare("get", "partial-results", ...BARE)).code, 0);
      const staging = await bare("list", ...BARE.map((word) => (word === "dev" ? "staging" : word)));
      assert.deepEqual([staging.code, staging.printed], [0, "there are no flags"]);
    });

    it("end with 2 on a name that no flag has, and with 6 where SSM cannot be seen", async () => {
      const { code, complained } = await bare("get", "partial", ...BARE);
      assert.equal(code, 2);
      assert.match(complained, /no flag "partial"; there are: partial-results/);
      assert.equal((await bare("list")).code, 2);
      await flagged.aws.fail("ssm:GetParametersByPath", "AccessDeniedException");
      const blind = await sluice("list", "-s", "dev");
      assert.equal(blind.code, 6);
      assert.match(blind.complained, /AccessDeniedException: injected/);
    });
  });

  describe("set", () => {
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
});
