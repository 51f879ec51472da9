import assert from "node:assert/strict";
import { alertmanagerConfig, secretFiles, unreached } from "../../../model/monitoring/routing";

const SLACK = { slack: "/a/slack" };
const PAGE = { page: { pagerduty: "/a/pagerduty" } };
const EMAIL = { email: { to: "ops@example.com", from: "a@example.com", server: "smtp.example.com:587" } };

describe("the routing of alerts", () => {
  const receiver = (receivers: object, name: string) =>
    alertmanagerConfig({ receivers }).receivers.find((one) => one.name === name);

  it("writes warnings to Slack and by mail, and pages whoever is to be paged", () => {
    const receivers = { ...SLACK, ...EMAIL, ...PAGE };
    assert.deepEqual(Object.keys(receiver(receivers, "warning") ?? {}), [
      "name",
      "slack_configs",
      "email_configs",
    ]);
    assert.deepEqual(Object.keys(receiver(receivers, "page") ?? {}), ["name", "pagerduty_configs"]);
    assert.deepEqual(unreached(receivers), []);
  });

  it("lets the one kind go where the other does, rather than to nobody, and says so", () => {
    assert.ok("slack_configs" in (receiver(SLACK, "page") ?? {}));
    assert.match(unreached(SLACK)[0] ?? "", /nobody is paged.*sluice:monitoring\.receivers\.page/);
    assert.ok("pagerduty_configs" in (receiver(PAGE, "warning") ?? {}));
    assert.match(unreached(PAGE)[0] ?? "", /warnings page.*receivers\.slack/);
    assert.match(unreached({})[0] ?? "", /sent to nobody/);
  });

  it("names the file and the parameter of each secret, and no secret that there is not", () => {
    assert.deepEqual(secretFiles({}), {});
    const user = { email: { ...EMAIL.email, user: "alerts", password: "/a/smtp" } };
    const all = secretFiles({ ...SLACK, ...user, page: { ...PAGE.page, opsgenie: "/a/opsgenie" } });
    assert.deepEqual(all, {
      slack: "/a/slack",
      "smtp-password": "/a/smtp",
      pagerduty: "/a/pagerduty",
      opsgenie: "/a/opsgenie",
    });
    const config = JSON.stringify(
      alertmanagerConfig({
        receivers: { ...SLACK, ...user, page: { ...PAGE.page, opsgenie: "/a/opsgenie" } },
      }),
    );
    for (const file of Object.keys(all)) assert.ok(config.includes(`/alertmanager-receivers/${file}"`), file);
  });

  it("publishes to a topic in the topic's own region", () => {
    const sns = "arn:aws:sns:eu-west-1:123456789012:pages";
    const page = receiver({ page: { sns } }, "page");
    assert.deepEqual(page && "sns_configs" in page && page.sns_configs?.[0]?.sigv4, { region: "eu-west-1" });
  });
});
