import type { Backends } from "../backends";
import { type PlatformChange, platformChanges } from "../platform";
import type { Rule, Transition, Violation } from "../rule";
import { set } from "../schema/faults";

/**
 * Backends keep what they have. Everything else about them may change in place: AWS reshards a cache in cluster mode
 * online, up and down, and moves its keys itself; read replicas hold nothing of their own, and prod's are protected
 * by the engine.
 */
export const t14: Rule = {
  id: "T14",
  title: "A change of backends that loses data, or that cannot be made on running ones",
  severity: "critical",
  protects: "what the database, the cache and the vector store hold",
  // Going back does not bring back what is lost.
  judgesRetreat: true,
  wayOut: "Keep it, or bring the data into a new one first.",
  judge: (transition) => {
    const { from, platform } = transition;
    if (!from?.platform || !platform) return [];
    return platformChanges(from.platform, platform).flatMap((change) => {
      const [, part, key] = change.path ?? [];
      const danger = DANGERS.find((one) => one.part === part && one.key === key);
      return danger?.loses(Number(change.before), Number(change.after))
        ? [violation(transition, change, danger)]
        : [];
    });
  },
};

/** A value of the backends, and when a change of it is refused. */
interface Danger {
  readonly part: keyof Backends;
  readonly key: string;
  readonly loses: (before: number, after: number) => boolean;
  readonly limit: (before: number) => string;
  /** What would happen. */
  readonly why: string;
  /** What somebody does who means it. */
  readonly instead: string;
}

const fewer = (before: number, after: number): boolean => after < before;
const atLeast = (unit: string) => (before: number) => `${before} ${unit} at least`;

const DANGERS: readonly Danger[] = [
  {
    part: "database",
    key: "storageGb",
    loses: fewer,
    limit: atLeast("GiB"),
    why: "RDS never makes the storage of an instance smaller",
    instead: "restore what is needed into a smaller instance beside it, and go over to that one",
  },
  {
    part: "cache",
    key: "shards",
    // In cluster mode any number may follow any other.
    loses: (before, after) => (before === 0) !== (after === 0),
    limit: (before) => (before === 0 ? "0, cluster mode off" : "1 at least, cluster mode on"),
    why: "a running cache does not go from one mode to the other in an update, and never leaves cluster mode",
    instead: "make an empty cache in its place, at a time when services can live with one",
  },
  {
    part: "cache",
    key: "snapshotDays",
    loses: (before, after) => before > 0 && after === 0,
    limit: () => "1 day at least",
    why: "0 turns daily snapshots off, and they are what a lost cache comes back from",
    instead: "take a snapshot by hand first, which stays",
  },
  {
    part: "vectorStore",
    key: "replicas",
    loses: fewer,
    limit: atLeast("nodes"),
    why: "the nodes with the highest numbers would go, with every shard that is on them alone",
    instead: "move their shards to the nodes that stay and remove them as peers, by Qdrant's cluster API",
  },
  {
    part: "vectorStore",
    key: "storageGb",
    loses: fewer,
    limit: atLeast("GiB"),
    why: "Kubernetes never makes a volume smaller",
    instead: "restore the nightly snapshots into a new store",
  },
];

function violation(transition: Transition, change: PlatformChange, danger: Danger): Violation {
  const { path, name, before, after } = change;
  const limit = danger.limit(Number(before));
  const remedy = path ? set(path, before) : "";
  return {
    id: "T14",
    severity: t14.severity,
    where: name,
    found: `${before} → ${after}`,
    limit,
    remedy,
    message:
      `${name} would change from ${before} to ${after}, and ${danger.why}. The limit: ${limit}. Keep it: ${remedy}. ` +
      `Who means it: ${danger.instead}; then answer for it, once and in your name (sluice:overrides).`,
  };
}
