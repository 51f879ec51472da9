import { randomUUID } from "node:crypto";
import { AwsError } from "./errors";
import { type Call, type Service, named, text } from "./service";

/** Pulumi's type of a topic; its id is the topic's ARN. */
export const TOPIC = "aws:sns/topic:Topic";

/** What was published, each under the id that AWS would give it: nobody subscribes in the local cloud. */
export const PUBLISHED = "local:sns/message:Message";

const LONGEST = { subject: 100, message: 256 * 1024 };

const invalid = (message: string): AwsError =>
  new AwsError("InvalidParameter", `Invalid parameter: ${message}`);

/** Simple Notification Service: what a release publishes. */
export const sns: Service = {
  name: "sns",
  protocol: { kind: "query", version: "2010-03-31", namespace: "http://sns.amazonaws.com/doc/2010-03-31/" },
  actions: { Publish: { resource: named("TopicArn"), respond: publish } },
};

function publish({ world, input }: Call): object {
  const topicArn = text(input["TopicArn"]) ?? "";
  if (!world.get(TOPIC, topicArn)) throw new AwsError("NotFound", "Topic does not exist", 404);
  const message = text(input["Message"]);
  if (message === undefined) throw invalid("Empty message");
  if (Buffer.byteLength(message) > LONGEST.message) throw invalid("Message too long");
  const subject = text(input["Subject"]);
  // ASCII on one line that begins with a letter, a digit or a punctuation mark.
  if (subject !== undefined && (subject.length > LONGEST.subject || !/^[!-~][ -~]*$/.test(subject)))
    throw invalid("Subject");
  const id = randomUUID();
  world.put({
    type: PUBLISHED,
    id,
    properties: {
      topicArn,
      message,
      ...(subject !== undefined && { subject }),
      attributes: attributesIn(input),
    },
  });
  return { MessageId: id };
}

/** `MessageAttributes.entry.1.Name` and `.Value.StringValue`, as a map. */
function attributesIn({ MessageAttributes: sent }: Call["input"]): Record<string, string> {
  const { entry = {} } = (sent ?? {}) as { entry?: Record<string, Attribute> };
  return Object.fromEntries(
    Object.values(entry).map(({ Name: name = "", Value: { DataType: type, StringValue: value } = {} }) => {
      if (type === undefined || value === undefined)
        throw new AwsError(
          "ParameterValueInvalid",
          `The message attribute '${name}' must contain non-empty value`,
        );
      return [name, value];
    }),
  );
}

interface Attribute {
  readonly Name?: string;
  readonly Value?: { readonly DataType?: string; readonly StringValue?: string };
}
