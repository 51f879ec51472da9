import { type Colour, type Recorded, type Release, otherColour } from "../release";
import { predecessorColour } from "../trust";
import { type Task, tasksOf, usedBy } from "./tasks";

/** One kind of work that goes to another provider, or to others where that one fails. */
export interface TaskChange {
  /** `PRIMARY_STT_PROVIDER`. */
  readonly variable: string;
  /** Absent: nobody does it there. */
  readonly from?: string;
  readonly to?: string;
  /** Who takes over, in this order. Absent: the same in both. */
  readonly fallbacks?: { readonly from: readonly string[]; readonly to: readonly string[] };
}

/** A release whose colours call different providers. */
export interface ProviderMigration {
  /** The colour that is not live. */
  readonly candidate: Colour;
  readonly changes: readonly TaskChange[];
  /** Every provider that the candidate may call. */
  readonly calls: readonly string[];
}

/**
 * What a release changes of providers, between its live colour and the other one.
 *
 * @param names declared providers
 * @returns undefined where both call the same, in the same order, or there is no other
 */
export function migrationOf(release: Release, names: readonly string[]): ProviderMigration | undefined {
  const candidate = otherColour(release.live);
  if (release[candidate].version === undefined || names.length === 0) return undefined;
  const [before, after] = [release[release.live], release[candidate]].map(({ settings }) =>
    tasksOf(settings, names),
  ) as [Task[], Task[]];
  const variables = [...new Set([...before, ...after].map(({ variable }) => variable))];
  const changes = variables.flatMap((variable) => {
    const [from, to] = [before, after].map((tasks) => tasks.find((task) => task.variable === variable));
    return changeOf(variable, from, to);
  });
  if (changes.length === 0) return undefined;
  return { candidate, changes, calls: usedBy(release[candidate], names) };
}

/** None where both have it done by the same. */
function changeOf(variable: string, before: Task | undefined, after: Task | undefined): TaskChange[] {
  const [from, to] = [before?.primary, after?.primary];
  const fallbacks = { from: before?.fallbacks ?? [], to: after?.fallbacks ?? [] };
  const isSame = fallbacks.from.join() === fallbacks.to.join();
  if (from === to && isSame) return [];
  return [
    {
      variable,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(!isSame && { fallbacks }),
    },
  ];
}

/**
 * The one that is under way, as the state has it. What is live and its way back also call different providers; that one
 * is over.
 */
export function migrationIn(state: Recorded): ProviderMigration | undefined {
  const migration = migrationOf(state.release, Object.keys(state.providers ?? {}));
  return migration && predecessorColour(state) !== migration.candidate ? migration : undefined;
}
