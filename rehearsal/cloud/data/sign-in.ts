import type { Held, World } from "../world";
import { refusal } from "./users";

/** What credentials lead to. */
export type Backend = "cache" | "database";

const REPLICATION_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";

const SCHEMES: readonly (readonly [scheme: RegExp, backend: Backend])[] = [
  [/^postgres(ql)?(\+\w+)?:/, "database"],
  [/^rediss?:/, "cache"],
];

/** What a text signs in to, by its scheme: `postgresql:`, `redis:` or `rediss:`; undefined for any other text. */
export const backendOf = (text: string): Backend | undefined =>
  SCHEMES.find(([scheme]) => scheme.test(text))?.[1];

/** Why a backend refuses the credentials of a URL, in its own words; undefined where each of its hosts accepts them. */
export const signIn = (world: World, url: string): string | undefined =>
  urlsOf(url)
    .map((one) => signInTo(world, one))
    .find((refused) => refused !== undefined);

/** PostgreSQL's URLs may name several hosts, which no other URL may: one for each. */
function urlsOf(url: string): string[] {
  const [, before = "", hosts = "", after = ""] = /^(\w+:\/\/[^@/]*@)([^/?]+)(.*)$/.exec(url) ?? [];
  return hosts.includes(",") ? hosts.split(",").map((host) => before + host + after) : [url];
}

function signInTo(world: World, url: string): string | undefined {
  const parsed = parse(url);
  if (!parsed) return "the URL cannot be read: what its user and password are made of must be escaped";
  const { host, username, password, scheme } = parsed;
  if (backendOf(url) === "database") return refusal(world, { host, username, password });
  const cache = cacheAt(world, host);
  if (!cache) return `Error -2 connecting to ${host}:6379. Name or service not known.`;
  const { transitEncryptionEnabled, authToken } = cache.properties;
  if ((transitEncryptionEnabled === true) !== (scheme === "rediss:")) return "Connection closed by server.";
  const token = typeof authToken === "string" ? authToken : "";
  if (token === password) return undefined;
  return password === ""
    ? "NOAUTH Authentication required."
    : "WRONGPASS invalid username-password pair or user is disabled.";
}

function parse(url: string) {
  try {
    const { hostname, username, password, protocol } = new URL(url);
    return {
      host: hostname,
      username: decodeURIComponent(username),
      password: decodeURIComponent(password),
      scheme: protocol,
    };
  } catch {
    return undefined;
  }
}

const cacheAt = (world: World, host: string): Held | undefined =>
  world
    .all(REPLICATION_GROUP)
    .find(({ properties }) =>
      [
        properties.primaryEndpointAddress,
        properties.readerEndpointAddress,
        properties.configurationEndpointAddress,
      ].includes(host),
    );
