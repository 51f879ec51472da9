import { type EndpointFixture, startEndpoint } from "../rehearsal/endpoint-fixture";

export const REGION = "us-east-1";

const KEYS = ["AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"] as const;

/** The endpoint, where the SDK's environment points to it as it does in a rehearsal. */
export interface PointedAt extends EndpointFixture {
  /** Lets calls of an action, such as `ssm:GetParameter`, fail with an AWS error code; so many times, or always. */
  fail(type: string, code: string, times?: number): Promise<void>;
}

/** Starts the endpoint and points this process's AWS clients at it; `end` puts the environment back. */
export async function pointAtEndpoint(): Promise<PointedAt> {
  const endpoint = await startEndpoint();
  const putBack = pointAt(endpoint.url);
  return {
    ...endpoint,
    fail: async (type, code, times) => {
      const fault = { action: "api", type, name: "", error: { code, message: "injected" }, times };
      const { ok } = await fetch(`${endpoint.url}/_local/faults`, {
        method: "POST",
        body: JSON.stringify(fault),
      });
      if (!ok) throw new Error(`the fault ${JSON.stringify(fault)} was not taken`);
    },
    end: async () => {
      putBack();
      await endpoint.end();
    },
  };
}

/** Points this process's AWS clients at a URL; gives what puts the environment back. */
export function pointAt(url: string): () => void {
  const before = KEYS.map((key) => process.env[key]);
  [url, "test", "test"].forEach((value, index) => (process.env[KEYS[index]!] = value));
  return () => {
    KEYS.forEach((key, index) => {
      const value = before[index];
      if (value === undefined) Reflect.deleteProperty(process.env, key);
      else process.env[key] = value;
    });
  };
}
