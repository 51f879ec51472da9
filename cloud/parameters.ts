import { GetParameterCommand, ParameterNotFound, SSMClient } from "@aws-sdk/client-ssm";
import { clientConfig } from "./client";

/** SSM Parameter Store; endpoint, region and credentials come from the SDK's environment. */
export class Parameters {
  readonly #client: SSMClient;

  /** @param region as in `aws:region` */
  constructor(region: string) {
    this.#client = new SSMClient(clientConfig(region));
  }

  /**
   * The value of a parameter, or undefined where there is none.
   *
   * @throws the SDK's error where the caller may not look: an absent fence and an unseen one differ
   */
  async get(name: string): Promise<string | undefined> {
    try {
      const { Parameter } = await this.#client.send(
        new GetParameterCommand({ Name: name, WithDecryption: true }),
      );
      return Parameter?.Value;
    } catch (error) {
      if (error instanceof ParameterNotFound) return undefined;
      throw error;
    }
  }
}
