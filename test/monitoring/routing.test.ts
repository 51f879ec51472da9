import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { alertsOf } from "../../model/monitoring/alerts";
import type { Receivers } from "../../model/monitoring/monitoring";
import { alertmanagerConfig } from "../../model/monitoring/routing";
import { GREEN } from "./cases/case";
import { PROD } from "./stack";
import { bench } from "./tools";

const TOPIC = "arn:aws:sns:us-east-1:123456789012:pages";
const EMAIL = { to: "ops@example.com", from: "alerts@example.com", server: "smtp.example.com:587" };
const ALL: Receivers = {
  slack: "/sluice/voiceassist/prod/slack",
  email: { ...EMAIL, user: "alerts", password: "/sluice/voiceassist/prod/smtp-password" },
  page: {
    pagerduty: "/sluice/voiceassist/prod/pagerduty",
    opsgenie: "/sluice/voiceassist/prod/opsgenie",
    sns: TOPIC,
  },
};
const RECEIVERS: Readonly<Record<string, Receivers>> = {
  all: ALL,
  none: {},
  "slack-alone": { slack: "/sluice/voiceassist/prod/slack" },
  "mail-alone": { email: EMAIL },
  "pages-alone": { page: { sns: TOPIC } },
};
const labelled = (labels: Readonly<Record<string, string>>): string[] =>
  Object.entries(labels).map(([name, value]) => `${name}=${value}`);

describe("routing, by amtool", function () {
  this.timeout(60_000);
  const { write, amtool, folder } = bench();
  before(async () => {
    for (const [name, receivers] of Object.entries(RECEIVERS)) {
      await write(`${name}.json`, alertmanagerConfig({ receivers }));
    }
  });
  const routed = async (labels: Readonly<Record<string, string>>) => {
    const { code, said } = await amtool(
      ...["config", "routes", "test", "--config.file", "all.json"],
      ...labelled(labels),
    );
    assert.equal(code, 0, said);
    return said.split("\n")[0];
  };

  for (const name of Object.keys(RECEIVERS)) {
    it(`is a configuration that Alertmanager reads, with receivers: ${name}`, async () => {
      const { code, said } = await amtool("check-config", `${name}.json`);
      assert.equal(code, 0, said);
      assert.match(said, /3 receivers/);
    });
  }

  it("refuses what is none, so that it can be believed when it does not", async () => {
    await write("wrong.json", { ...alertmanagerConfig({ receivers: ALL }), receivers: [{ name: "nobody" }] });
    assert.notEqual((await amtool("check-config", "wrong.json")).code, 0);
  });

  it("sends each alert by its severity: critical to paging, warnings to those who read", async () => {
    const to = { critical: "page", warning: "warning" };
    const severities = new Set<string>();
    for (const { severity, about } of Object.values(alertsOf(PROD)).flat()) {
      if (severities.has(`${severity} ${about}`)) continue;
      severities.add(`${severity} ${about}`);
      assert.equal(await routed({ severity, about, environment: "prod" }), to[severity]);
    }
    assert.equal(await routed({ severity: "critical", ...GREEN }), "page");
    assert.equal(await routed({ severity: "warning", ...GREEN }), "warning");
  });

  it("sends what is none of ours to nobody", async () => {
    assert.equal(await routed({ severity: "info", alertname: "Watchdog" }), "nobody");
    assert.equal(await routed({ alertname: "Watchdog" }), "nobody");
  });

  it("holds no secret: what has one stands in files", async () => {
    const config = await readFile(join(folder(), "all.json"), "utf8");
    assert.doesNotMatch(config, /\/sluice\/voiceassist/);
    assert.match(config, /"(routing_key|api_key|api_url|auth_password)_file":/);
    assert.doesNotMatch(config, /"(routing_key|service_key|api_key|api_url|auth_password|auth_secret)":/);
  });

  it("puts what a version of a colour of a service does into one message", () => {
    const { route } = alertmanagerConfig({ receivers: ALL });
    assert.deepEqual(route.group_by, Object.keys(GREEN));
  });

  it("lets a page silence warnings about the same of the same version, and no others", () => {
    const page = { severity: "critical", about: "errors", environment: "prod", ...GREEN };
    const warning = { ...page, severity: "warning" };
    assert.ok(isSilenced(warning, page));
    assert.ok(!isSilenced({ ...warning, about: "latency" }, page));
    assert.ok(!isSilenced({ ...warning, colour: "blue" }, page));
    assert.ok(!isSilenced({ ...warning, version: "2.5.0" }, page));
    assert.ok(!isSilenced({ ...warning, app: "storage" }, page));
    assert.ok(!isSilenced({ ...warning, environment: "staging" }, page));
    assert.ok(!isSilenced(page, warning));
    assert.ok(!isSilenced({ ...page }, page));
    const cost = { severity: "critical", about: "cost", environment: "prod", namespace: "voiceassist" };
    assert.ok(isSilenced({ ...cost, severity: "warning" }, cost));
  });
});

type Labels = Readonly<Record<string, string>>;

/** As Alertmanager documents it: both match, and each of the labels is equal, or absent in both. */
const isSilenced = (target: Labels, source: Labels): boolean =>
  alertmanagerConfig({ receivers: ALL }).inhibit_rules.some(
    ({ source_matchers, target_matchers, equal }) =>
      matches(source, source_matchers) &&
      matches(target, target_matchers) &&
      equal.every((label) => source[label] === target[label]),
  );

const matches = (labels: Labels, matchers: readonly string[]): boolean =>
  matchers.every((matcher) => {
    const [, name = "", value] = /^(\w+)="(.*)"$/.exec(matcher) ?? [];
    return labels[name] === value;
  });
