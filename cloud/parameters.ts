import {
  GetParameterCommand,
  type Parameter as Held,
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
  paginateGetParametersByPath,
} from "@aws-sdk/client-ssm";
import { ATTEMPTS, clientConfig } from "./client";

/** What a parameter holds. */
export interface Parameter {
  readonly value: string;
  /** ISO time at which it was last written, by AWS's clock. Absent: not told. */
  readonly at?: string;
  /** Counts its writes, from 1. Absent: not told. */
  readonly version?: number;
}

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
  async get(name: string, signal?: AbortSignal): Promise<string | undefined> {
    return (await this.read(name, signal))?.value;
  }

  /**
   * A parameter, or undefined where there is none.
   *
   * @param signal ends the call
   * @throws the SDK's error where the caller may not look
   */
  async read(name: string, signal?: AbortSignal): Promise<Parameter | undefined> {
    try {
      const { Parameter } = await this.#client.send(
        new GetParameterCommand({ Name: name, WithDecryption: true }),
        { ...(signal && { abortSignal: signal }) },
      );
      return Parameter && parameterOf(Parameter);
    } catch (error) {
      if (error instanceof ParameterNotFound) return undefined;
      throw error;
    }
  }

  /**
   * Every parameter below a path, at any depth, by name. Secrets stay as they are: nobody has asked for any of them.
   *
   * @throws the SDK's error where the caller may not look
   */
  async below(path: string): Promise<Readonly<Record<string, Parameter>>> {
    const found: [string, Parameter][] = [];
    const asked = { Path: path, Recursive: true, WithDecryption: false };
    for await (const { Parameters = [] } of paginateGetParametersByPath({ client: this.#client }, asked)) {
      for (const one of Parameters) {
        const parameter = parameterOf(one);
        if (one.Name !== undefined && parameter) found.push([one.Name, parameter]);
      }
    }
    return Object.fromEntries(found.sort(([one], [other]) => (one < other ? -1 : 1)));
  }

  /**
   * Writes a parameter, whether or not there is one; of one that there is the type stays.
   *
   * @param signal ends the call
   * @throws the SDK's error where the caller may not write
   */
  async put(name: string, value: string, signal?: AbortSignal): Promise<void> {
    await this.#client.send(
      new PutParameterCommand({ Name: name, Value: value, Type: "String", Overwrite: true }),
      { ...(signal && { abortSignal: signal }) },
    );
  }
}

const parameterOf = ({ Value, LastModifiedDate, Version }: Held): Parameter | undefined =>
  Value === undefined
    ? undefined
    : {
        value: Value,
        ...(LastModifiedDate && { at: LastModifiedDate.toISOString() }),
        ...(Version !== undefined && { version: Version }),
      };
