/** What signs in to a database. */
export interface Credentials {
  readonly host: string;
  readonly username: string;
  readonly password: string;
}

/** A secret's JSON as credentials of a database: `username`, `password` and `host`; undefined where it is none. */
export function credentialsOf(secretString: unknown): Credentials | undefined {
  const { host, username, password } = fieldsOf(secretString);
  if (typeof host !== "string" || typeof username !== "string" || typeof password !== "string")
    return undefined;
  return { host, username, password };
}

/** The fields of a secret's JSON; empty where it holds no object. */
export function fieldsOf(secretString: unknown): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(String(secretString));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
