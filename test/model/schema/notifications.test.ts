import assert from "node:assert/strict";
import { readNotifications } from "../../../model/schema/notifications";
import { type Fault, SettingsError } from "../../../model/settings";
import { mend } from "./pulumiConfig";

const WHO = { app: "voiceassist", environment: "prod" };
const TOPIC = "arn:aws:sns:us-east-1:123456789012:releases";

function read(raw: unknown) {
  const faults: Fault[] = [];
  const notifications = readNotifications(raw, WHO, faults);
  return { notifications, faults, paths: faults.map(({ path }) => path) };
}

describe("notifications in configuration", () => {
  it("are nobody's by default, and else as they are written", () => {
    assert.deepEqual(read(undefined), { notifications: undefined, faults: [], paths: [] });
    const all = { slack: "/sluice/voiceassist/prod/slack", sns: TOPIC, on: ["rollback", "hold"] };
    assert.deepEqual(read(all), { notifications: all, faults: [], paths: [] });
    assert.deepEqual(read({ slack: "slack-webhook" }).faults, []);
  });

  it("refuse a webhook's URL in clear, do not repeat it, and say what keeps it secret", () => {
    for (const url of [
      "https://hooks.slack.com/services/T0AB/B0CD/Secret",
      " HTTPS://example.com/hooks/Secret",
      "hooks.slack.com/services/T0AB/B0CD/Secret",
    ]) {
      const { faults, notifications } = read({ slack: url, sns: TOPIC });
      assert.deepEqual(notifications, { sns: TOPIC });
      assert.equal(faults.length, 1);
      const { message } = new SettingsError(faults);
      assert.doesNotMatch(message, /Secret|T0AB/);
      assert.match(message, /^sluice:notifications\.slack: found "\(a URL in clear\)"/);
      assert.match(
        message,
        /aws ssm put-parameter --type SecureString --name \/sluice\/voiceassist\/prod\/slack /,
      );
      const { notifications: mended } = mend({ notifications: { slack: url } }, faults[0]!.remedy) as {
        notifications: unknown;
      };
      assert.deepEqual(read(mended).notifications, { slack: "/sluice/voiceassist/prod/slack" });
    }
  });

  it("tell each fault where it is, without a value that may be a secret", () => {
    const wrong: readonly (readonly [unknown, string])[] = [
      ["slack", "notifications"],
      [[], "notifications"],
      [{ slack: "a Secret" }, "notifications.slack"],
      [{ slack: "/aws/Secret" }, "notifications.slack"],
      [{ slack: { secure: "Secret" } }, "notifications.slack"],
      [{ sns: "releases" }, "notifications.sns"],
      [{ sns: `${TOPIC}.fifo` }, "notifications.sns"],
      [{ on: "rollback" }, "notifications.on"],
      [{ on: [] }, "notifications.on"],
      [{ on: ["rollback", "holds"] }, "notifications.on[1]"],
      [{ email: "ops@example.com" }, "notifications.email"],
    ];
    for (const [raw, path] of wrong) {
      const { faults, paths } = read(raw);
      assert.deepEqual(paths, [`sluice:${path}`], JSON.stringify(raw));
      assert.doesNotMatch(new SettingsError(faults).message, /Secret(?!s)/);
      const { notifications } = mend({ notifications: raw }, faults[0]!.remedy) as {
        notifications?: unknown;
      };
      assert.deepEqual(read(notifications).faults, [], faults[0]!.remedy);
    }
  });
});
