import assert from "node:assert/strict";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { stackSubject } from "../../../rollout/subject";
import { announce, rolledBack } from "../../../rollout/rollback/announce";
import { Journal } from "../../../rollout/rollback/journal";
import type { Rollback } from "../../../model/rollback";
import { greenAt } from "../../../model/release";
import { type PointedAt, pointAtEndpoint } from "../../cloud/readers-fixture";
import { liveRule } from "../../model/rollout/situations";
import { STACK, type Scratch, scratch } from "../fixture";
import { type Slack, slackServer } from "../notify/slack-fixture";

const DECISION = { to: "blue", share: 100, fence: "2.4.0" } as Rollback;
const RULES = [liveRule("api-gateway", greenAt(10)), liveRule("admin-panel", greenAt(50))];
const NAME = "/sluice/voiceassist/dev/slack";

describe("a rollback by a person", () => {
  let aws: PointedAt;
  let slack: Slack;
  let project: Scratch;
  before(async () => {
    [aws, slack, project] = await Promise.all([pointAtEndpoint(), slackServer(), scratch("")]);
    await aws.parameters.send(
      new PutParameterCommand({ Name: NAME, Value: slack.url, Type: "SecureString" }),
    );
  });
  after(() => Promise.all([aws.end(), slack.close(), project.close()]));

  /** Announces it with a stack file; gives what the journal was told. */
  const announced = async (text: string): Promise<string[]> => {
    await project.write("Pulumi.dev.yaml", text);
    const journal = new Journal({ folder: project.folder, print: () => {} }, true);
    const stack = stackSubject(project.folder, "dev");
    const event = rolledBack(DECISION, {
      ...{ subject: stack, stack, rules: RULES, known: undefined, reason: "loses calls", by: "ana" },
    });
    await announce(event, stack, journal);
    return journal.entries.map(({ what }) => what);
  };

  it("is told of, from the largest share that a rule gave the version, whatever else is wrong in configuration", async () => {
    assert.deepEqual(
      await announced(`${STACK}  sluice:notifications: { slack: ${NAME} }\n  sluice:nonsense: 1\n`),
      [],
    );
    assert.equal(slack.sent.at(-1)?.text, "dev: rollback green 2.4.0: 50 → 0 %");
    assert.match(slack.sent.at(-1)?.attachments[0]?.blocks[0]?.text?.text ?? "", /^• asked: loses calls$/);
  });

  it("is told to nobody where nobody is named, or there is no project", async () => {
    const before = slack.sent.length;
    assert.deepEqual(await announced(STACK), []);
    assert.deepEqual(await announced(`${STACK}  sluice:notifications: { on: [rollback] }\n`), []);
    const subject = { app: "voiceassist", environment: "dev", region: "us-east-1" } as const;
    const event = rolledBack(DECISION, {
      ...{ subject, stack: undefined, rules: RULES, known: undefined, reason: "slow", by: "ana" },
    });
    assert.equal(event.stack, undefined);
    await announce(event, undefined, new Journal({ folder: project.folder, print: () => {} }, true));
    assert.equal(slack.sent.length, before);
  });

  it("goes on where configuration cannot say whom to tell", async () => {
    const [remark] = await announced(`${STACK}  sluice:notifications: everybody\n`);
    assert.match(remark ?? "", /^nobody was told: sluice:notifications/);
  });
});
