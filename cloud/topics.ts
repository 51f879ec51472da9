import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { clientConfig } from "./client";

/** What is published to a topic. */
export interface Publication {
  /** At most 100 printable ASCII characters on one line; it heads an e-mail. */
  readonly subject: string;
  /** At most 256 KiB. */
  readonly message: string;
  /** By which subscribers may filter; at most ten. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Simple Notification Service; endpoint and credentials come from the SDK's environment. */
export class Topics {
  readonly #client: SNSClient;

  /**
   * @param region that the topic is in, as its ARN says
   * @param attempts how often a call is made before its failure counts
   */
  constructor(region: string, attempts: number) {
    this.#client = new SNSClient(clientConfig(region, attempts));
  }

  /**
   * Publishes to whoever subscribed.
   *
   * @param topic its ARN
   * @param signal ends the call
   * @throws the SDK's error where there is no such topic, or the caller may not publish to it
   */
  async publish(
    topic: string,
    { subject, message, attributes }: Publication,
    signal?: AbortSignal,
  ): Promise<void> {
    const filters = Object.entries(attributes).map(([name, value]) => [
      name,
      { DataType: "String", StringValue: value },
    ]);
    await this.#client.send(
      new PublishCommand({
        TopicArn: topic,
        Subject: subject,
        Message: message,
        MessageAttributes: Object.fromEntries(filters) as Record<
          string,
          { DataType: string; StringValue: string }
        >,
      }),
      { ...(signal && { abortSignal: signal }) },
    );
  }
}
