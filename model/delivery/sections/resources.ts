import { aligned } from "../../markdown";
import { CHANGE_KINDS, type ChangeKind, type PlannedChange } from "../planned";
import type { PreviewFacts } from "../preview";
import { safeCode } from "../safeMarkdown";
import { type Room, folded, more, shortened } from "./room";

/** What has been done to a resource. */
export const PAST: Readonly<Record<ChangeKind, string>> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
};

/** What changes by kind, and each of it. */
export function resources({ result, changes, same }: PreviewFacts, room: Room): string[] {
  // The engine was stopped before it looked at them.
  if (changes.length === 0 && (result === "failed" || result === "refused")) return [];
  const count = (kind: ChangeKind, type?: string) =>
    changes.filter((change) => change.kind === kind && (type === undefined || change.type === type)).length;
  const total = CHANGE_KINDS.filter((kind) => count(kind) > 0).map((kind) => `${count(kind)} ${PAST[kind]}`);
  const summary = [...total, `${same} as they are`].join(", ");
  if (changes.length === 0) return [`**Resources:** ${summary}.`];
  if (result === "nothing") {
    const written = "what the last update came to is written down";
    return [`**Resources:** ${same} as they are; ${written}, in ${listed(changes)}.`];
  }
  const types = [...new Set(changes.map(({ type }) => type))].sort();
  const kinds = CHANGE_KINDS.filter((kind) => count(kind) > 0);
  const ordered = [...changes].sort(
    (one, other) =>
      WEIGHT[other.kind] - WEIGHT[one.kind] ||
      compared(one.type, other.type) ||
      compared(one.name, other.name),
  );
  const shown = ordered.slice(0, room.resources);
  const table = aligned([
    ["kind", ...kinds.map((kind) => PAST[kind])],
    ...types
      .slice(0, Math.max(MOST_KINDS, room.resources))
      .map((type) => [
        safeCode(shortened(type, 200)),
        ...kinds.map((kind) => String(count(kind, type) || "")),
      ]),
  ]);
  const each = shown.length === 0 ? [] : [...shown.map(resourceLine), ...more(ordered.length - shown.length)];
  // What nobody reads to its end hides what comes after it.
  return types.length > MOST_KINDS
    ? [`**Resources:** ${summary}.`, "", ...folded("By kind, and each of them", [...table, "", ...each])]
    : [
        ...[`**Resources:** ${summary}.`, "", ...table],
        ...(each.length === 0 ? [] : ["", ...folded("Each of them", each)]),
      ];
}

/** Kinds in a table that everybody sees. */
const MOST_KINDS = 12;

/** `1 resource`, `3 precious resources`. */
export const resourcesOf = (count: number, what = ""): string =>
  `${count} ${what === "" ? "" : `${what} `}resource${count === 1 ? "" : "s"}`;

const listed = (changes: readonly PlannedChange[]): string =>
  changes.map(({ type, name }) => safeCode(shortened(`${type} ${name}`, 300))).join(" and ");

/** The engine's order is another each time. */
const compared = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const WEIGHT: Readonly<Record<ChangeKind, number>> = { delete: 4, replace: 3, update: 2, create: 1 };

function resourceLine({ kind, type, name, properties }: PlannedChange): string {
  const shown = properties.slice(0, 8).map((property) => safeCode(shortened(property, 100)));
  const rest = properties.length > shown.length ? ` and ${properties.length - shown.length} more` : "";
  return `- ${kind} ${safeCode(shortened(`${type} ${name}`, 300))}${shown.length > 0 ? `: ${shown.join(", ")}${rest}` : ""}`;
}
