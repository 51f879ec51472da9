import { GetParameterCommand, ParameterNotFound, PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { ATTEMPTS, clientConfig } from "./client";

/** SSM Parameter Store; endpoint, region and credentials come from the SDK's environment. */
export class Parameters {
  readonly #client: SSMClient;

  /**
   * @param region as in `aws:region`
   * @param attempts how often a call is made before its failure counts
   */
  constructor(region: string, attempts: number = ATTEMPTS.looking) {
    this.#client = new SSMClient(clientConfig(region, attempts));
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

  /**
   * Writes a parameter, whether or not there is one; of one that there is the type stays.
   *
   * @throws the SDK's error where the caller may not write
   */
  async put(name: string, value: string): Promise<void> {
    await this.#client.send(
      new PutParameterCommand({ Name: name, Value: value, Type: "String", Overwrite: true }),
    );
  }
}
