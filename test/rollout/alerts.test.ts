import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { ruleFile } from "../../model/monitoring/alerts";
import { alertsPage } from "../../model/monitoring/alertsPage";
import { alertmanagerConfig } from "../../model/monitoring/routing";
import { parseSettings } from "../../model/settings";
import { configuration } from "../model/fixtures";
import { type Scratch, scratch } from "./fixture";

const RAW = { ...configuration(), monitoring: { receivers: { slack: "/sluice/voiceassist/prod/slack" } } };
const CONFIG = {
  config: {
    "aws:region": "us-east-1",
    ...Object.fromEntries(Object.entries(RAW).map(([key, value]) => [`sluice:${key}`, value])),
  },
};

describe("sluice alerts", function () {
  this.timeout(30_000);
  let project: Scratch;
  before(async () => {
    project = await scratch("");
    await project.write("Pulumi.prod.yaml", stringify(CONFIG));
  });
  after(() => project.close());
  const read = (name: string) => readFile(join(project.folder, name), "utf8");

  it("writes the page of alerts, and checks what is there", async () => {
    assert.equal((await project.call("alerts", "--out", "alerts.md")).code, 0);
    assert.equal(await read("alerts.md"), alertsPage());
    assert.equal((await project.call("alerts", "--out", "alerts.md", "--check")).code, 0);
    await project.write("alerts.md", `${alertsPage()} `);
    const { code, complained } = await project.call("alerts", "--out", "alerts.md", "--check");
    assert.equal(code, 2);
    assert.match(complained, /alerts\.md is not what the code says; write it anew: npx sluice alerts$/);
  });

  it("writes a stack's rules and routing, and says which secrets they need and who is not reached", async () => {
    const { code, printed } = await project.call("alerts", "-s", "prod", "--out", "own");
    assert.equal(code, 0);
    assert.match(printed, /rules\.yaml and alertmanager\.yaml written to own/);
    assert.match(printed, /reads the file slack, which holds SSM's \/sluice\/voiceassist\/prod\/slack/);
    assert.match(printed, /nobody is paged, .* set sluice:monitoring\.receivers\.page/);
    const { app, environment, slo, backends, monitoring } = parseSettings(RAW);
    const { runbooks } = monitoring;
    const rules = ruleFile({ app, environment, slo, backends, runbooks, stack: "prod" });
    assert.deepEqual(parse(await read("own/rules.yaml")), JSON.parse(JSON.stringify(rules)));
    assert.deepEqual(parse(await read("own/alertmanager.yaml")), alertmanagerConfig(monitoring));
  });

  it("ends with 2 where a page is named for a stack's rules, where such are to be checked, and where it cannot write", async () => {
    const page = await project.call("alerts", "-s", "prod");
    assert.equal(page.code, 2);
    assert.match(page.complained, /docs\/alerts\.md is a page; .*sluice alerts -s \w+ --out DIR/);
    assert.equal((await project.call("alerts", "-s", "prod", "--check", "--out", "own")).code, 2);
    await project.write("file", "");
    const { code, complained } = await project.call("alerts", "-s", "prod", "--out", "file/own");
    assert.equal(code, 2);
    assert.match(complained, /--out: .*file\/own cannot be written/);
  });
});
