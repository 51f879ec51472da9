import type { Backends } from "./backends";
import { type Path, format } from "./schema/faults";

/**
 * The Kubernetes version of control plane and nodes. EKS upgrades one minor version at a time, and by itself
 * when standard support of this one ends (27 March 2027): edit it before, with what `components/cluster/versions.ts`
 * says of it.
 */
export const KUBERNETES_VERSION = "1.35";

/** What all colours share: what a rule must know of cluster and backends to judge a change of them. */
export interface Platform {
  /** Kubernetes version of the cluster, for example `1.35`. */
  readonly kubernetes: string;
  readonly backends: Backends;
}

/** One value of the platform that changes. */
export interface PlatformChange {
  /** Its key in configuration. Absent: the cluster's version, which is the program's. */
  readonly path?: Path;
  /** What a person calls it: its key with the namespace, or `the cluster's Kubernetes version`. */
  readonly name: string;
  readonly before: string | number | boolean;
  readonly after: string | number | boolean;
}

/** What differs between two platforms, in the order of configuration. What an older state lacks counts as the same. */
export const platformChanges = (before: Platform, after: Platform): PlatformChange[] => [
  ...(before.kubernetes === after.kubernetes
    ? []
    : [{ name: "the cluster's Kubernetes version", before: before.kubernetes, after: after.kubernetes }]),
  ...PARTS.flatMap((part) => partChanges(part, before.backends[part], after.backends[part])),
];

const PARTS = ["database", "cache", "vectorStore"] as const satisfies readonly (keyof Backends)[];

type Values = Readonly<Record<string, string | number | boolean | undefined>>;

const partChanges = (part: keyof Backends, before: object, after: object): PlatformChange[] =>
  Object.entries(after as Values).flatMap(([key, value]) => {
    const was = (before as Values)[key];
    if (was === undefined || value === undefined || was === value) return [];
    const path = ["backends", part, key] as const;
    return [{ path, name: format(path), before: was, after: value }];
  });
