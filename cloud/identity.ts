import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { clientConfig } from "./client";
import { machineTime } from "./clock";

/** Who calls, and by how much this machine's clock differs from AWS's. */
export interface Caller {
  readonly arn: string;
  /** This clock's time less that of AWS, in seconds: to a second, and to the time that the answer took. */
  readonly skewSeconds: number;
}

/** Security Token Service; endpoint and credentials come from the SDK's environment. */
export class Identity {
  readonly #client: STSClient;

  /** @param region as in `aws:region` */
  constructor(region: string) {
    this.#client = new STSClient(clientConfig(region));
  }

  /**
   * ARN of whoever the credentials are.
   *
   * @throws the SDK's error where there are no credentials, or they have expired
   */
  async caller(): Promise<string> {
    const { Arn } = await this.#client.send(new GetCallerIdentityCommand({}));
    if (Arn === undefined) throw new Error("STS answered GetCallerIdentity without an ARN");
    return Arn;
  }

  /**
   * The same, with a look at the clock by which AWS dates its answer.
   *
   * @throws likewise, and Error where the answer has no date
   */
  async callerAndClock(): Promise<Caller> {
    let date: string | undefined;
    this.#client.middlewareStack.add(
      (next) => async (args) => {
        const answered = await next(args);
        date = (answered.response as { headers?: Record<string, string> }).headers?.["date"];
        return answered;
      },
      // Before the answer is read, which leaves nothing of its headers.
      { step: "deserialize", name: "date", override: true },
    );
    const arn = await this.caller();
    const skewSeconds = (machineTime().getTime() - Date.parse(date ?? "")) / 1000;
    if (Number.isNaN(skewSeconds)) throw new Error("STS answered GetCallerIdentity without a date");
    return { arn, skewSeconds };
  }
}
