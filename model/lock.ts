import type { Seen } from "./rollout/seen";
import type { Lock } from "./rollout/situation";
import { secondsBetween } from "./trust";

/** A lock, and as much of its owner as it tells. */
export interface Held extends Lock {
  /** Where the backend keeps it; absent where the backend does not say. */
  readonly key?: string;
  /** Absent where the backend does not say, or nobody can read it. */
  readonly owner?: Owner;
}

/** Who took a lock. */
export interface Owner {
  readonly user: string;
  readonly host: string;
  /** The engine's process on that host. */
  readonly pid: number;
  /** ISO time. */
  readonly since: string;
}

/** A lock as a backend of one's own keeps it; one that nobody can read holds the stack all the same. */
export function parseLock(key: string, text: string): Held {
  const owner = ownerIn(text);
  return { key, ...(owner && { by: `${owner.user}@${owner.host} (pid ${owner.pid})`, owner }) };
}

function ownerIn(text: string): Owner | undefined {
  let found: { pid?: unknown; username?: unknown; hostname?: unknown; timestamp?: unknown } | null;
  try {
    found = JSON.parse(text) as typeof found;
  } catch {
    return undefined;
  }
  const { pid, username: user, hostname: host, timestamp } = found ?? {};
  const at = typeof timestamp === "string" ? Date.parse(timestamp) : NaN;
  const isKnown = typeof user === "string" && typeof host === "string" && host !== "";
  if (!isKnown || !Number.isInteger(pid) || (pid as number) <= 0 || Number.isNaN(at)) return undefined;
  return { user, host, pid: pid as number, since: new Date(at).toISOString() };
}

/** A process of this machine. */
export interface Running {
  /** Its program, as the system names it. */
  readonly program: string;
  /** ISO time. */
  readonly since: string;
}

/** What can be seen of a lock's owner from here. */
export interface Vicinity {
  readonly host: string;
  /** The process of the owner's id; undefined: there is none. */
  readonly process: Seen<Running | undefined>;
}

/** Whether a lock may be cleared, and why. */
export interface Clearance {
  readonly isDead: boolean;
  /** A sentence without a full stop. */
  readonly why: string;
}

/** Seconds by which a process must have begun later than the lock: systems tell starts to the second. */
const MARGIN = 2;

/**
 * Whether the owner of a lock is provably dead: it ran on this machine, and its id is nobody's now, or somebody's who
 * began after the lock was taken and is no engine. Everything else is no proof.
 */
export function clearance({ owner }: Held, { host, process }: Vicinity): Clearance {
  const isAlive = (why: string): Clearance => ({ isDead: false, why });
  if (!owner) return isAlive("nobody can tell whose it is");
  if (owner.host !== host) {
    return isAlive(`it was taken on ${owner.host}, and this is ${host}: it can be judged there only`);
  }
  if (/^localhost\b/.test(host)) return isAlive(`every machine may be called ${host}`);
  if ("unseen" in process) return isAlive(`process ${owner.pid} could not be looked at: ${process.unseen}`);
  const found = process.value;
  if (!found) return { isDead: true, why: `process ${owner.pid} does not run on ${host} any more` };
  const later = secondsBetween(owner.since, found.since) > MARGIN;
  if (later && !isEngine(found)) {
    return {
      isDead: true,
      why: `process ${owner.pid} is ${found.program} now, which began at ${found.since}`,
    };
  }
  return isAlive(`process ${owner.pid} (${found.program}) lives on ${host}`);
}

const isEngine = ({ program }: Running): boolean => /^pulumi/.test(program);

/** Something that the engine had begun when it ended, and of which the state does not know how it went. */
export interface Pending {
  readonly urn: string;
  readonly operation: string;
}

/** Commands that mend what is pending, each after the case that it is for. */
export function mends(stack: string, pending: readonly Pending[]): string[] {
  const created = pending.filter(({ operation }) => operation === "creating");
  const option = "--import-pending-creates";
  return [
    ...(pending.length > 0 ? [`asks the provider about everything: pulumi refresh -s ${stack}`] : []),
    ...created.map(
      ({ urn }) => `where it was created: pulumi refresh -s ${stack} ${option} '${urn}' ${option} ID`,
    ),
    ...(created.length > 0
      ? [`where none was created: pulumi refresh -s ${stack} --clear-pending-creates`]
      : []),
  ];
}
