import assert from "node:assert/strict";
import { ENVIRONMENTS } from "../../../model/environments";
import { PARTS_OF } from "../../../model/monitoring/monitoring";
import { readMonitoring } from "../../../model/schema/monitoring";
import { type Fault, SettingsError } from "../../../model/settings";
import { mend } from "./pulumiConfig";

const TOPIC = "arn:aws:sns:us-east-1:123456789012:pages";
const EMAIL = { to: "ops@example.com", from: "alerts@example.com", server: "smtp.example.com:587" };
const STACK = { app: "voiceassist", environment: "prod" } as const;

function read(raw: unknown, stack: Parameters<typeof readMonitoring>[1] = STACK) {
  const faults: Fault[] = [];
  const monitoring = readMonitoring(raw, stack, faults);
  return { monitoring, faults, paths: faults.map(({ path }) => path) };
}

describe("monitoring in configuration", () => {
  it("is basic in dev, full in staging and full with alerting in prod, each more than the one before", () => {
    const levels = ENVIRONMENTS.map(
      (environment) => read(undefined, { app: "voiceassist", environment }).monitoring.level,
    );
    assert.deepEqual(levels, ["basic", "full", "full-with-alerting"]);
    const parts = levels.map((level) => Object.values(PARTS_OF[level]).filter(Boolean).length);
    assert.deepEqual(parts, [1, 2, 3]);
  });

  it("has Grafana where Prometheus is, for neither reaches the other's; without Grafana it does not matter", () => {
    for (const raw of [{ prometheus: "managed" }, { grafana: "managed" }]) {
      assert.deepEqual(read(raw).paths, ["sluice:monitoring.grafana"]);
      assert.deepEqual(read({ ...raw, level: "basic" }).paths, []);
    }
    assert.deepEqual(read({ prometheus: "managed", grafana: "managed" }).paths, []);
  });

  it("tells of alerts whoever is told of releases, until somebody else is named", () => {
    const stack = { ...STACK, notifications: { slack: "/sluice/voiceassist/prod/slack", sns: TOPIC } };
    const told = (raw: unknown) => read(raw, stack).monitoring.receivers;
    const both = { slack: "/sluice/voiceassist/prod/slack", page: { sns: TOPIC } };
    assert.deepEqual(told(undefined), both);
    assert.deepEqual(told({ level: "full" }), both);
    assert.deepEqual(told({ receivers: { page: { pagerduty: "/a/pagerduty" } } }), {
      ...both,
      page: { pagerduty: "/a/pagerduty" },
    });
    assert.deepEqual(read(undefined).monitoring.receivers, {});
  });

  it("is as it is written", () => {
    const all = {
      level: "full",
      prometheus: "managed",
      grafana: "managed",
      runbooks: "https://example.com/alerts",
      receivers: {
        slack: "/a/slack",
        email: { ...EMAIL, user: "alerts", password: "/a/smtp" },
        page: { pagerduty: "/a/pagerduty", opsgenie: "/a/opsgenie", sns: TOPIC },
      },
    };
    assert.deepEqual(read(all), { monitoring: all, faults: [], paths: [] });
  });

  it("tells each fault where it is, never what may be a secret, with a command that mends it", () => {
    const wrong: readonly (readonly [unknown, string])[] = [
      ["full", "monitoring"],
      [{ level: "some" }, "monitoring.level"],
      [{ prometheus: "amp" }, "monitoring.prometheus"],
      [{ grafana: true }, "monitoring.grafana"],
      [{ runbooks: "http://example.com" }, "monitoring.runbooks"],
      [{ alerts: {} }, "monitoring.alerts"],
      [{ receivers: [] }, "monitoring.receivers"],
      [{ receivers: { slack: "https://hooks.slack.com/services/Secret" } }, "monitoring.receivers.slack"],
      [{ receivers: { page: {} } }, "monitoring.receivers.page"],
      [{ receivers: { page: "Secret" } }, "monitoring.receivers.page"],
      [{ receivers: { page: { pagerduty: "a Secret" } } }, "monitoring.receivers.page.pagerduty"],
      [{ receivers: { page: { sns: `${TOPIC}.fifo` } } }, "monitoring.receivers.page.sns"],
      [{ receivers: { email: { ...EMAIL, to: "ops" } } }, "monitoring.receivers.email.to"],
      [{ receivers: { email: { ...EMAIL, server: "smtp" } } }, "monitoring.receivers.email.server"],
      [{ receivers: { email: { ...EMAIL, from: undefined } } }, "monitoring.receivers.email.from"],
      [{ receivers: { email: { ...EMAIL, user: "alerts" } } }, "monitoring.receivers.email.password"],
      [{ receivers: { email: { ...EMAIL, password: "/a/smtp" } } }, "monitoring.receivers.email.user"],
      [
        { receivers: { email: { ...EMAIL, user: "a", password: "a Secret" } } },
        "monitoring.receivers.email.password",
      ],
    ];
    for (const [raw, path] of wrong) {
      const { faults, paths } = read(raw);
      assert.deepEqual(paths, [`sluice:${path}`], JSON.stringify(raw));
      if (path !== "monitoring.receivers.page") {
        assert.doesNotMatch(new SettingsError(faults).message, /Secret(?!s)/);
      }
      let mended = mend({ monitoring: raw }, faults[0]!.remedy) as { monitoring?: unknown };
      // What is left of a list of one that was wrong is nobody, which is wrong as well.
      const next = read(mended.monitoring).faults[0];
      if (next) mended = mend(mended, next.remedy) as { monitoring?: unknown };
      assert.deepEqual(read(mended.monitoring).faults, [], faults[0]!.remedy);
    }
  });
});
