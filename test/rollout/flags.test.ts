import assert from "node:assert/strict";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { commandLine } from "../../rollout/main";
import { call } from "./fixture";
import { BARE, DEPLOYED, FLAGGED, type Flagged, weekOldFlag } from "./flags-fixture";

describe("sluice flags", function () {
  this.timeout(30_000);
  let flagged: Flagged;
  beforeEach(async () => {
    flagged = await weekOldFlag();
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
      const old = { percentage: 3, stops: [], alarms: [{ name: "slow", retreat: "off" }] };
      await flagged.put({ old }, "/sluice/voiceassist/dev/flags");
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
      assert.match(
        (await sluice("list", "-s", "dev")).printed,
        /new .*\n {2}! it has no parameter: the next pulumi up/,
      );
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
      assert.equal((await sluice("list", "-s", "dev")).code, 0, "a project says what it has");
      const blind = await bare("list", ...BARE);
      assert.equal(blind.code, 6);
      assert.match(blind.complained, /AccessDeniedException: injected/);
      await flagged.aws.fail("ssm:GetParameter", "AccessDeniedException");
      for (const { code, printed } of [await sluice("list", "-s", "dev"), await bare("get", "x", ...BARE)]) {
        assert.equal(code, 6, printed);
        assert.match(printed, /! it could not be observed: AccessDeniedException: injected/);
      }
    });

    it("decrypt and print nothing of what an application has below the same path", async () => {
      const secrets: [string, string, "String" | "SecureString"][] = [
        ["database", "postgres://admin:hunter2@db", "String"],
        ["cache", '{"url":"redis://hunter2"}', "String"],
        ["payments", '{"rollout_percentage":1,"key":"hunter2"}', "SecureString"],
      ];
      for (const [name, Value, Type] of secrets) {
        const Name = `/voiceassist/dev/${name}/config`;
        await flagged.aws.parameters.send(new PutParameterCommand({ Name, Value, Type }));
      }
      for (const args of [["-s", "dev"], BARE]) {
        for (const json of [[], ["--json"]]) {
          const run = args === BARE ? bare : sluice;
          const { code, printed, complained } = await run("list", ...args, ...json);
          assert.equal(code, 0, printed);
          assert.match(printed, /partial-results/);
          assert.doesNotMatch(printed + complained, /hunter2|database|cache|payments/);
        }
      }
    });
  });
});
