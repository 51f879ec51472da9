import { type Colour, type Recorded, type Release, otherColour } from "../release";
import { predecessorColour } from "../trust";
import { type Task, tasksOf, usedBy } from "./tasks";

/** One kind of work that goes to another provider. */
export interface TaskChange {
  /** `PRIMARY_STT_PROVIDER`. */
  readonly variable: string;
  /** Absent: nobody does it there. */
  readonly from?: string;
  readonly to?: string;
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
 * @returns undefined where both call the same, or there is no other
 */
export function migrationOf(release: Release, names: readonly string[]): ProviderMigration | undefined {
  const candidate = otherColour(release.live);
  if (release[candidate].version === undefined || names.length === 0) return undefined;
  const [before, after] = [release[release.live], release[candidate]].map(({ settings }) =>
    tasksOf(settings, names),
  ) as [Task[], Task[]];
  const variables = [...new Set([...before, ...after].map(({ variable }) => variable))];
  const changes = variables.flatMap((variable): TaskChange[] => {
    const from = before.find((task) => task.variable === variable)?.primary;
    const to = after.find((task) => task.variable === variable)?.primary;
    if (from === to) return [];
    return [{ variable, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }];
  });
  if (changes.length === 0) return undefined;
  return { candidate, changes, calls: usedBy(release[candidate], names) };
}

/**
 * The one that is under way, as the state has it. What is live and its way back also call different providers; that one
 * is over.
 */
export function migrationIn(state: Recorded): ProviderMigration | undefined {
  const migration = migrationOf(state.release, Object.keys(state.providers ?? {}));
  return migration && predecessorColour(state) !== migration.candidate ? migration : undefined;
}

/** Whose calls tell how often a provider of the candidate will be called. */
export interface Caller {
  /** The candidate's. */
  readonly provider: string;
  /** Whose calls are counted, and of whom. */
  readonly colour: Colour;
  readonly counted: string;
}

/**
 * By the candidate's own calls where it has users. Before, by the live colour's calls of the provider that it replaces;
 * where one is replaced by several, nobody can say yet.
 */
export function callersOf(
  { release }: Pick<Recorded, "release">,
  { candidate, changes }: ProviderMigration,
  share: number,
): Caller[] {
  const named = changes.flatMap(({ from, to }) => (to === undefined ? [] : [{ from, to }]));
  const providers = [...new Set(named.map(({ to }) => to))];
  if (share > 0) return providers.map((provider) => ({ provider, colour: candidate, counted: provider }));
  return providers.flatMap((provider) => {
    const replaced = [...new Set(named.filter(({ to }) => to === provider).map(({ from }) => from))];
    const [counted] = replaced;
    const shared = named.some(({ from, to }) => from === counted && to !== provider);
    return counted === undefined || replaced.length > 1 || shared
      ? []
      : [{ provider, colour: release.live, counted }];
  });
}
