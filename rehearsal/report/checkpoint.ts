import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isSecret } from "../cloud/providers/values";
import type { Changes } from "../engine/outcome";
import type { WorkingCopy } from "../workingCopy";
import { type ResourceChange, changed } from "./changes";

/** A resource as the engine's state has it. */
export interface Saved {
  readonly urn: string;
  readonly type: string;
  /** Absent on components. */
  readonly id?: string;
  readonly inputs?: unknown;
}

/** What the engine has saved of a working copy's stack: the file that its backend keeps. @throws Error where there is none */
export async function checkpointOf({ dir, stack }: Pick<WorkingCopy, "dir" | "stack">): Promise<Saved[]> {
  const file = join(dir, "state", ".pulumi", "stacks", "sluice", `${stack}.json`);
  const { checkpoint } = JSON.parse(await readFile(file, "utf8"), masked) as {
    readonly checkpoint: { readonly latest?: { readonly resources?: Saved[] } };
  };
  return checkpoint.latest?.resources ?? [];
}

/** What is secret is nobody's to read, nor its cipher, which differs though the value does not. */
const masked = (_key: string, value: unknown): unknown => (isSecret(value) ? "[secret]" : value);

/** All that updates have changed between two states, however many there were. */
export interface Net {
  readonly changes: Changes;
  readonly updated: string[];
  readonly resources: readonly ResourceChange[];
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
      kind === "same" ? [] : [changed(kind, one, earlier.get(one.urn)?.inputs, one.inputs)],
    ),
  };
}

function kindOf(before: Saved | undefined, { id, inputs }: Saved): keyof Changes {
  if (!before) return "create";
  if (before.id !== id) return "replace";
  return JSON.stringify(before.inputs) === JSON.stringify(inputs) ? "same" : "update";
}

const byUrn = (saved: readonly Saved[]): ReadonlyMap<string, Saved> =>
  new Map(saved.map((one) => [one.urn, one]));
