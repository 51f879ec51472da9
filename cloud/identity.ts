import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { clientConfig } from "./client";

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
}
