import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { isSecret } from "../cloud/providers/values";
import type { Changes } from "../engine/outcome";
import type { WorkingCopy } from "../workingCopy";
import { type ResourceChange, changed, differences } from "./changes";

/** A resource as the engine's state has it. */
export interface Saved {
  readonly urn: string;
  readonly type: string;
  /** Absent on components. */
  readonly id?: string;
  readonly inputs?: unknown;
  /** ISO time at which it was made, under this id. */
  readonly created?: string;
  /** ISO time at which the engine last changed it. A component's stays, whatever its inputs do. */
  readonly modified?: string;
  /** Whether it has been replaced and is yet to be deleted. */
  readonly delete?: boolean;
}

type Copy = Pick<WorkingCopy, "dir" | "stack">;

/** What the engine has saved of a working copy's stack: the file that its backend keeps. @throws Error where there is none */
export const checkpointOf = ({ dir, stack }: Copy): Promise<Saved[]> =>
  savedIn(join(dir, "state", ".pulumi", "stacks", "sluice", `${stack}.json`));

async function savedIn(file: string): Promise<Saved[]> {
  const { checkpoint } = JSON.parse(await readFile(file, "utf8"), masked) as {
    readonly checkpoint: { readonly latest?: { readonly resources?: Saved[] } };
  };
  return (checkpoint.latest?.resources ?? []).filter((one) => one.delete !== true);
}

/** The states in which updates have left the stack, the first first; of one that was killed there is none. */
async function statesOf({ dir, stack }: Copy): Promise<string[]> {
  const folder = join(dir, "state", ".pulumi", "history", "sluice", stack);
  const names = await readdir(folder).catch(() => []);
  // Their names have the time in nanoseconds, all with as many digits.
  const states = names.filter((name) => name.endsWith(".checkpoint.json")).sort();
  return states.map((name) => join(folder, name));
}

/** What is secret is nobody's to read, nor its cipher, which differs though the value does not. */
const MASKED = "[secret]";
const masked = (_key: string, value: unknown): unknown => (isSecret(value) ? MASKED : value);

/** All that updates have changed between two states. */
export interface Net {
  readonly changes: Changes;
  readonly updated: string[];
  readonly resources: readonly ResourceChange[];
}

/**
 * Adds up what updates change from now on, each for itself: what one did and another undid is told twice. What a killed
 * update had saved is told with the next one.
 *
 * @returns gives it, up to when it is called
 * @throws Error where the stack has no state
 */
export async function changesFromNow(copy: Copy): Promise<() => Promise<Net>> {
  const known = new Set(await statesOf(copy));
  let before = await checkpointOf(copy);
  return async () => {
    const files = (await statesOf(copy)).filter((file) => !known.has(file));
    const nets: Net[] = [];
    // One after another, for a state may be large.
    for (const read of [...files.map((file) => () => savedIn(file)), () => checkpointOf(copy)]) {
      const after = await read();
      nets.push(netChanges(before, after));
      before = after;
    }
    return added(nets);
  };
}

function added(nets: readonly Net[]): Net {
  const changes: Changes = {
    create: 0,
    update: 0,
    delete: 0,
    replace: 0,
    same: nets.at(-1)?.changes.same ?? 0,
  };
  for (const one of nets)
    for (const kind of ["create", "update", "delete", "replace"] as const) changes[kind] += one.changes[kind];
  return {
    changes,
    updated: [...new Set(nets.flatMap(({ updated }) => updated))],
    resources: nets.flatMap(({ resources }) => resources),
  };
}

/** What differs between two states, in the order in which the later has it. */
export function netChanges(before: readonly Saved[], after: readonly Saved[]): Net {
  const [earlier, later] = [byUrn(before), byUrn(after)];
  const found = [
    ...after.map((one) => ({ one, kind: kindOf(earlier.get(one.urn), one) })),
    ...before.filter(({ urn }) => !later.has(urn)).map((one) => ({ one, kind: "delete" as const })),
  ];
  const changes: Changes = { create: 0, update: 0, delete: 0, replace: 0, same: 0 };
  for (const { kind } of found) changes[kind] += 1;
  return {
    changes,
    updated: found.flatMap(({ one, kind }) => (kind === "update" ? [one.urn] : [])),
    resources: found.flatMap(({ one, kind }) =>
      kind === "same"
        ? []
        : [changed(kind, one, earlier.get(one.urn)?.inputs, one.inputs, secretIn(one.inputs))],
    ),
  };
}

/** By the stamps, for a secret that differs cannot be told from one that was sealed anew. */
function kindOf(before: Saved | undefined, { id, inputs, created, modified }: Saved): keyof Changes {
  if (!before) return "create";
  if (before.id !== id || before.created !== created) return "replace";
  const isSame = JSON.stringify(before.inputs) === JSON.stringify(inputs);
  return isSame && before.modified === modified ? "same" : "update";
}

/** Where the one secret of some inputs is; of several nobody knows which it was that changed. */
function secretIn(inputs: unknown = {}): string[] {
  const without = JSON.parse(JSON.stringify(inputs), (_key, value: unknown) =>
    value === MASKED ? null : value,
  ) as unknown;
  const paths = differences(inputs, without).map(({ path }) => path);
  return paths.length === 1 ? paths : [];
}

const byUrn = (saved: readonly Saved[]): ReadonlyMap<string, Saved> =>
  new Map(saved.map((one) => [one.urn, one]));
