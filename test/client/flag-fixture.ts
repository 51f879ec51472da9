import { type GetParameterCommand, PutParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { CACHE, Flag, type FlagOptions, PARTIAL_RESULTS } from "../../client/index";
import { type PointedAt, REGION, pointAtEndpoint } from "../cloud/readers-fixture";

export const PARAMETER = "/audio-transcription/partial-results/config";
export const OVERRIDE = "PARTIAL_RESULTS_ENABLED";
export const GET = "ssm:GetParameter";

export const SEED = {
  enabled: true,
  rollout_percentage: 50,
  min_stability_threshold: 0.9,
  max_buffer_timeout: 3,
};
export const LOADED = {
  enabled: true,
  percentage: 50,
  settings: { min_stability_threshold: 0.9, max_buffer_timeout: 3 },
};
export const DEFAULTS = {
  enabled: false,
  percentage: 0,
  settings: { min_stability_threshold: 0.85, max_buffer_timeout: 5 },
};

/** Calls that were made and have not been answered. */
export const pausing = (client: SSMClient) => {
  const waiting: (() => void)[] = [];
  let calls = 0;
  const send = async (command: GetParameterCommand): Promise<unknown> => {
    calls += 1;
    await new Promise<void>((resolve) => waiting.push(resolve));
    return client.send(command);
  };
  return {
    client: { send } as unknown as SSMClient,
    answer: () => {
      for (const go of waiting.splice(0)) go();
    },
    calls: () => calls,
  };
};

/** Lets promises that wait for nothing but each other, and for a local server, go on. */
export const settled = (milliseconds = 100) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A flag's client before the local endpoint, with a clock of its own. */
export interface Asking {
  readonly aws: PointedAt;
  /** What the client has said, a line each. */
  readonly said: string[];
  warnings(): string[];
  /** A new client. */
  flag(options?: Partial<FlagOptions<keyof typeof PARTIAL_RESULTS>>): Flag<keyof typeof PARTIAL_RESULTS>;
  /** Writes the parameter, as it is or as JSON. */
  put(value: unknown): Promise<unknown>;
  /** So many milliseconds pass. */
  pass(milliseconds: number): void;
  /** The last good value is old then, so the next call looks again, and waits for it where all was well. */
  aPause(): void;
  end(): Promise<void>;
}

export async function asking(): Promise<Asking> {
  const aws = await pointAtEndpoint();
  process.env["AWS_REGION"] = REGION;
  const said: string[] = [];
  let now = 1_000;
  const logger = {
    info: (message: string) => void said.push(`info ${message}`),
    warn: (message: string) => void said.push(`warn ${message}`),
  };
  const pass = (milliseconds: number) => void (now += milliseconds);
  return {
    ...{ aws, said, pass },
    warnings: () => said.filter((line) => line.startsWith("warn")),
    flag: (options = {}) =>
      new Flag({
        ...{ parameter: PARAMETER, override: OVERRIDE, settings: PARTIAL_RESULTS, logger },
        now: () => now,
        ...options,
      }),
    put: (value) =>
      aws.parameters.send(
        new PutParameterCommand({
          ...{ Name: PARAMETER, Type: "String", Overwrite: true },
          Value: typeof value === "string" ? value : JSON.stringify(value),
        }),
      ),
    aPause: () => pass(CACHE + 5_000),
    end: async () => {
      Reflect.deleteProperty(process.env, OVERRIDE);
      Reflect.deleteProperty(process.env, "AWS_REGION");
      await aws.end();
    },
  };
}
