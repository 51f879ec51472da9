import type { EngineEvent, Step } from "./events";

/** In which way a resource would change. A replacement is one change. */
export const CHANGE_KINDS = ["create", "update", "replace", "delete"] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** What would be done to one resource. */
export interface PlannedChange {
  readonly kind: ChangeKind;
  /** Pulumi's type token. */
  readonly type: string;
  /** The resource's logical name. */
  readonly name: string;
  /** Top-level properties that differ; of a replacement those that make it necessary. */
  readonly properties: readonly string[];
  /** Whether the engine would refuse to delete it. */
  readonly protected?: true;
}

const KIND_OF: Readonly<Record<string, ChangeKind>> = {
  create: "create",
  update: "update",
  delete: "delete",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
};

/** Everything that a preview would change, and how many resources it would leave as they are. */
export function plannedIn(events: readonly EngineEvent[]): { changes: PlannedChange[]; same: number } {
  const changes = new Map<string, PlannedChange>();
  const same = new Set<string>();
  for (const { resourcePreEvent, resOutputsEvent } of events) {
    const step = resourcePreEvent?.metadata ?? resOutputsEvent?.metadata;
    if (!step) continue;
    const kind = KIND_OF[step.op];
    if (step.op === "same") same.add(step.urn);
    // Of the steps of one resource the strongest counts, and of a replacement that which tells the most.
    const before = changes.get(step.urn);
    if (!kind || (before && rank(before) >= rank(changeOf(kind, step)))) continue;
    changes.set(step.urn, changeOf(kind, step));
  }
  for (const urn of changes.keys()) same.delete(urn);
  return { changes: [...changes.values()], same: same.size };
}

/** Whether it is nothing that anybody asked for: what an update came to is written down by the next one. */
export const isSettling = ({ kind, type, name }: PlannedChange): boolean =>
  kind === "update" && type === "sluice:release:Transition" && name === "release";

const STRENGTH: Readonly<Record<ChangeKind, number>> = { update: 1, create: 2, delete: 2, replace: 3 };

const rank = ({ kind, properties }: PlannedChange): number =>
  STRENGTH[kind] * 2 + (properties.length > 0 ? 1 : 0);

function changeOf(kind: ChangeKind, step: Step): PlannedChange {
  const named = (kind === "replace" ? step.keys : undefined) ?? step.diffs ?? [];
  return {
    kind,
    type: step.type,
    name: step.urn.split("::").slice(3).join("::"),
    properties: kind === "create" || kind === "delete" ? [] : [...new Set(named)].sort(),
    ...(step.old?.protect === true && { protected: true }),
  };
}
