/** What the local cloud is called in messages. */
export const NAME = "the local cloud";

/** A call of the local cloud's control API, as a person could make it with curl. */
export interface ControlCall {
  readonly method: "GET" | "POST" | "DELETE";
  /** Below `/_local/`, with its query. */
  readonly path: string;
  /** Sent as JSON. Absent: nothing is. */
  readonly body?: unknown;
}

/**
 * Makes a call of a local cloud's control API, and gives what it answers.
 *
 * @param endpoint its URL, as in `AWS_ENDPOINT_URL`
 * @throws Error where nobody answers there, and with the answer where it refuses
 */
export async function callControl(endpoint: string, { method, path, body }: ControlCall): Promise<unknown> {
  const response = await fetch(`${endpoint}/_local/${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${NAME} refused ${method} ${path}: ${text}`);
  return text === "" ? undefined : (JSON.parse(text) as unknown);
}
