import assert from "node:assert/strict";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { type Publication, Topics } from "../../cloud/topics";
import { PUBLISHED, TOPIC } from "../../rehearsal/cloud/endpoint/sns";
import { publicationOf } from "../../rollout/notify/sns";
import { announcementOf } from "../../rollout/notify/text";
import { shift } from "../model/messages";
import { startEndpoint } from "../rehearsal/endpoint-fixture";
import { slackServer } from "../rollout/notify/slack-fixture";
import { clientConfig, rejects } from "./contract-subjects";
import { startMoto } from "./moto";
import { REGION, pointAt } from "./readers-fixture";

/** Something that speaks SNS's API and has one topic. */
interface Subject {
  readonly url: string;
  readonly topic: string;
  /** What was published to the topic so far, and how many of these were about a rollback. */
  received(): { messages: { subject: string | undefined; message: string }[]; rollbacks: number };
  stop(): Promise<void>;
}

async function ours(): Promise<Subject> {
  const endpoint = await startEndpoint();
  const topic = "arn:aws:sns:us-east-1:123456789012:releases";
  endpoint.world.put({ type: TOPIC, id: topic, properties: { arn: topic } });
  return {
    ...{ url: endpoint.url, topic },
    received: () => {
      const all = endpoint.world.all(PUBLISHED).map(({ properties }) => properties);
      return {
        messages: all.map(({ subject, message }) => ({
          subject: subject as string | undefined,
          message: String(message),
        })),
        rollbacks: all.filter(({ attributes }) => (attributes as { kind?: string }).kind === "rollback")
          .length,
      };
    },
    stop: () => endpoint.end(),
  };
}

/** Two servers subscribe, one of them to rollbacks alone: by what they get, moto shows what it took. */
async function motos(): Promise<Subject> {
  const moto = await startMoto();
  const [all, rollbacks] = [await slackServer(), await slackServer()];
  const stop = async () => {
    await Promise.all([moto.stop(), all.close(), rollbacks.close()]);
  };
  const client = new SNSClient(clientConfig(moto.url));
  try {
    const { TopicArn: topic = "" } = await client.send(new CreateTopicCommand({ Name: "releases" }));
    const subscribe = (Endpoint: string, Attributes?: Record<string, string>) =>
      client.send(new SubscribeCommand({ TopicArn: topic, Protocol: "http", Endpoint, Attributes }));
    await subscribe(all.url);
    await subscribe(rollbacks.url, { FilterPolicy: JSON.stringify({ kind: ["rollback"] }) });
    const notes = (sent: readonly unknown[]) =>
      (sent as { Type: string; Subject?: string; Message: string }[]).filter(
        ({ Type }) => Type === "Notification",
      );
    return {
      ...{ url: moto.url, topic, stop },
      received: () => ({
        messages: notes(all.sent).map(({ Subject: subject, Message: message }) => ({ subject, message })),
        rollbacks: notes(rollbacks.sent).length,
      }),
    };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    client.destroy();
  }
}

const SUBJECTS = { "the rehearsal's endpoint": ours, moto: motos };

for (const [name, start] of Object.entries(SUBJECTS)) {
  describe(`SNS contract: ${name}`, () => {
    let subject: Subject;
    let putBack = () => {};

    before(async function () {
      // The first run installs moto.
      this.timeout(300_000);
      try {
        subject = await start();
      } catch (error) {
        process.stdout.write(`NOT RUN SNS contract against ${name}: ${(error as Error).message}\n`);
        throw error;
      }
      putBack = pointAt(subject.url);
    });
    after(async () => {
      putBack();
      await subject.stop();
    });

    const publish = (changes: Partial<Publication> = {}, topic = subject.topic) =>
      new Topics(REGION, 1).publish(topic, { ...publicationOf(announcementOf(shift)), ...changes });

    it("takes an event with its evidence, and attributes by which subscribers filter", async () => {
      await publish();
      await new Topics(REGION, 1).publish(
        subject.topic,
        publicationOf(announcementOf({ ...shift, kind: "rollback", from: 25, to: 0 })),
      );
      const { messages, rollbacks } = subject.received();
      assert.deepEqual(
        messages.map((one) => one.subject),
        ["prod: shift green 2.4.0: 10 -> 25 %", "prod: rollback green 2.4.0: 25 -> 0 %"],
      );
      assert.match(
        messages[0]?.message ?? "",
        /^prod: shift green 2\.4\.0: 10 → 25 %\n\n- passed: 3 of 431 /,
      );
      assert.equal(rollbacks, 1);
    });

    it("refuses a topic that is not there", async () => {
      await rejects(publish({}, `${subject.topic}-of-others`), "NotFoundException");
    });

    it("refuses a subject that is too long", async () => {
      await rejects(publish({ subject: "x".repeat(101) }), "InvalidParameterException");
    });
  });
}
