import assert from "node:assert/strict";
import { DeleteParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";
import type { ServerResponse } from "node:http";
import type { RolloutEvent } from "../../../model/rolloutEvent";
import { notify } from "../../../rollout/notify/notify";
import { type PointedAt, REGION, pointAtEndpoint } from "../../cloud/readers-fixture";
import { shift } from "../../model/messages";
import { send, tryOut } from "../../../rollout/notify/send";
import { summaryOf } from "../../../rollout/notify/text";
import { type Slack, TOKEN, slackServer } from "./slack-fixture";
import { RELEASE } from "./status-fixture";

const SUBJECT = { app: "voiceassist", environment: "prod", region: REGION } as const;
const WEBHOOK = "/sluice/voiceassist/prod/slack";
const TOLD = "/sluice/voiceassist/prod/notified";
const SETTINGS = { slack: WEBHOOK };

const later = (event: RolloutEvent, minutes: number): RolloutEvent => ({
  ...event,
  at: new Date(Date.parse(event.at) + 60_000 * minutes).toISOString(),
});
const held: RolloutEvent = {
  ...shift,
  kind: "hold",
  from: 25,
  reasons: [{ code: "inconclusive", text: "41 of 400 requests", awaits: "metrics" }],
};

describe("notifications", function () {
  this.timeout(15_000);
  let aws: PointedAt;
  const slacks: Slack[] = [];

  beforeEach(async () => {
    aws = await pointAtEndpoint();
  });
  afterEach(async () => {
    await Promise.all(slacks.splice(0).map((slack) => slack.close()));
    await aws.end();
  });

  const put = (Name: string, Value: string, Type: "String" | "SecureString" = "SecureString") =>
    aws.parameters.send(new PutParameterCommand({ Name, Value, Type, Overwrite: true }));
  const slackThat = async (answer?: (response: ServerResponse, count: number) => void): Promise<Slack> => {
    const slack = await slackServer(answer);
    slacks.push(slack);
    await put(WEBHOOK, slack.url);
    return slack;
  };
  /** Tells of an event, and makes sure that nobody learns how to post. */
  const told = async (event: RolloutEvent = shift, settings: Parameters<typeof notify>[1] = SETTINGS) => {
    const began = performance.now();
    const remarks = await notify(event, settings, SUBJECT);
    assert.ok(performance.now() - began < 7_000, "it takes a few seconds at most");
    for (const part of TOKEN.split("/")) assert.ok(!remarks.join("\n").includes(part), remarks.join("\n"));
    return remarks;
  };

  it("reach Slack through the webhook that a secret parameter holds", async () => {
    const slack = await slackThat();
    assert.deepEqual(await told(), []);
    assert.equal(slack.sent.length, 1);
    assert.equal(slack.sent[0]?.text, "prod: shift green 2.4.0: 10 → 25 %");
    assert.deepEqual(slack.paths, [`/services/${TOKEN}`]);
  });

  it("are sent to nobody where nobody is named, and of those kinds alone that are asked for", async () => {
    const slack = await slackThat();
    assert.deepEqual(await notify(shift, undefined, SUBJECT), []);
    assert.deepEqual(await told(shift, {}), []);
    assert.deepEqual(await told(shift, { ...SETTINGS, on: ["rollback"] }), []);
    assert.deepEqual(slack.sent, []);
    await told({ ...shift, kind: "rollback" }, { ...SETTINGS, on: ["rollback"] });
    assert.equal(slack.sent.length, 1);
  });

  it("that fail say so in one line: an error, words of Slack's, nobody there, no parameter, no URL", async () => {
    await slackThat((response) => void response.writeHead(500).end(`no ${TOKEN}`));
    assert.deepEqual(await told(), ["Slack was not told: it answered 500"]);
    await slackThat((response) => void response.writeHead(404).end("no_service"));
    assert.deepEqual(await told(), ["Slack was not told: it answered 404, no_service"]);
    const gone = await slackThat();
    await gone.close();
    assert.deepEqual(await told(), ["Slack was not told: it could not be reached, ECONNREFUSED"]);
    for (const value of [
      `nonsense ${TOKEN}`,
      `http://example.com/services/${TOKEN}`,
      `ftp://127.0.0.1/${TOKEN}`,
    ]) {
      await put(WEBHOOK, value);
      const [remark, ...more] = await told();
      assert.match(
        remark ?? "",
        /^Slack was not told: \/sluice\/\S+ holds no https URL; put one there: aws ssm /,
      );
      assert.deepEqual(more, []);
    }
    await aws.parameters.send(new DeleteParameterCommand({ Name: WEBHOOK }));
    assert.match(
      (await told()).join(),
      /^Slack was not told: there is no parameter \/sluice\/.*; make it: aws ssm /,
    );
    await aws.fail("ssm:GetParameter", "AccessDeniedException");
    const other = { ...shift, version: "2.4.9" };
    assert.match((await told(other)).join(), /^Slack was not told: AccessDeniedException: injected$/);
  });

  it("give up on a Slack that does not answer", async () => {
    await slackThat(() => {});
    assert.deepEqual(await told(), ["Slack was not told: there was no answer in time"]);
  });

  it("are sent once more where Slack asks to wait and there is time, and only then", async () => {
    const once = await slackThat((response, count) =>
      count === 1 ? void response.writeHead(429, { "retry-after": "1" }).end() : void response.end("ok"),
    );
    const began = performance.now();
    assert.deepEqual(await told(), []);
    assert.ok(performance.now() - began >= 1_000, "it waits");
    assert.equal(once.sent.length, 2);
    const always = await slackThat((response) => void response.writeHead(429, { "retry-after": "0" }).end());
    assert.deepEqual(await told(held), ["Slack was not told: it answered 429"]);
    assert.equal(always.sent.length, 2);
    for (const wait of ["30", "soon", "-1"]) {
      const busy = await slackThat((response) => void response.writeHead(429, { "retry-after": wait }).end());
      assert.match((await told(held)).join(), /^Slack was not told: it answered 429, too many messages/);
      assert.equal(busy.sent.length, 1);
    }
  });

  it("do not follow a redirect, which would hand them to somebody else", async () => {
    const other = await slackServer();
    slacks.push(other);
    await slackThat((response) => void response.writeHead(307, { location: other.url }).end());
    assert.deepEqual(await told(), ["Slack was not told: it answered 307"]);
    assert.deepEqual(other.paths, []);
  });

  it("tell a hold once, whoever's tick meets it, and again once something was done", async () => {
    const slack = await slackThat();
    for (const minutes of [0, 1, 2, 30]) assert.deepEqual(await told(later(held, minutes)), []);
    assert.equal(slack.sent.length, 1);
    await told(later({ ...shift, kind: "rollback", from: 25, to: 0 }, 31));
    await told(later(held, 32));
    assert.equal(slack.sent.length, 3);
  });

  it("are told with the next event where nobody could be told, and not forgotten", async () => {
    await slackThat((response) => void response.writeHead(500).end());
    await told(held);
    const slack = await slackThat();
    await told(later(held, 1));
    assert.equal(slack.sent.length, 1);
  });

  it("are told all the same where what was told cannot be read, or is nonsense", async () => {
    const slack = await slackThat();
    await put(TOLD, "[1", "String");
    assert.deepEqual(await told(), []);
    assert.equal(slack.sent.length, 1);
    await aws.fail("ssm:PutParameter", "AccessDeniedException");
    const [remark] = await told(later({ ...shift, to: 50 }, 1));
    assert.match(
      remark ?? "",
      /^what was told may be told again, for \/sluice\/voiceassist\/prod\/notified could/,
    );
    assert.equal(slack.sent.length, 2);
  });

  it("on a schedule reach everybody, whatever kinds are asked for", async () => {
    const slack = await slackThat();
    const summary = summaryOf(RELEASE, { ...SUBJECT, stack: "prod" }, shift.at);
    assert.deepEqual(await send(summary, { ...SETTINGS, on: ["rollback"] }, SUBJECT), {
      reached: 1,
      remarks: [],
    });
    assert.equal(slack.sent[0]?.text, "prod: shift green to 25 %");
  });

  it("can be tried out, without anybody being told", async () => {
    const tried = async () => {
      const remarks = await tryOut(SETTINGS, SUBJECT);
      for (const part of TOKEN.split("/")) assert.ok(!remarks.join("\n").includes(part));
      return remarks;
    };
    assert.deepEqual(await tryOut({}, SUBJECT), []);
    assert.match((await tried()).join(), /^Slack cannot be told: there is no parameter /);
    const slack = await slackThat((response) => void response.writeHead(400).end("no_text"));
    assert.deepEqual(await tried(), []);
    assert.deepEqual(slack.sent, [{}]);
    await slackThat((response) => void response.writeHead(404).end("no_service"));
    assert.deepEqual(await tried(), ["Slack cannot be told: it answered 404, no_service"]);
    await slackThat((response) => void response.end("<html>"));
    assert.deepEqual(await tried(), ["Slack cannot be told: it answered 200"]);
  });

  it("never throw, whatever there is no cloud", async () => {
    process.env["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1";
    const sns = "arn:aws:sns:us-east-1:123456789012:releases";
    const remarks = await told(later(shift, 1_000), { ...SETTINGS, sns });
    assert.equal(remarks.length, 2, remarks.join("\n"));
    assert.match(remarks.join("\n"), /^Slack was not told: .*\narn:aws:sns\S+ was not told: /);
  });
});
