import type { EngineEvent } from "@pulumi/pulumi/automation";
import { CLASS } from "../engine/outcome";
import type { OpenStack, OperationOptions } from "../engine/workspace";

/** One property of a resource that an operation changed. */
export interface PropertyChange {
  /** For example `actions[0].forward.targetGroups[1].weight`. */
  readonly path: string;
  /** As JSON, shortened where it is long; absent where there was nothing. */
  readonly from?: string;
  readonly to?: string;
}

/** What an operation did to a resource, or in a preview would do. */
export interface ResourceChange {
  readonly kind: "create" | "update" | "replace" | "delete";
  /** Pulumi's type token. */
  readonly type: string;
  /** The resource's logical name. */
  readonly name: string;
  /** Inputs that differ, secrets masked by the engine. Of what is created or deleted none: there is nothing beside it. */
  readonly properties: readonly PropertyChange[];
}

/** Longer values are cut: a report is read. */
const LONGEST = 160;

/** Of a resource more properties than these are not told. */
const MOST = 30;

/** What the engine puts in the place of a value that only an update finds out. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Collects what each operation of the engine changes. */
export class ChangeLog {
  readonly #changes = new Map<string, ResourceChange>();

  /** Takes in one event. */
  add(event: EngineEvent): void {
    const done = event.resOutputsEvent?.metadata;
    const kind = done && CLASS[done.op];
    if (!done || kind === undefined || kind === "same") return;
    // A replacement is three steps, of which that with both states tells the most.
    const before = this.#changes.get(done.urn);
    if (before && before.properties.length > 0) return;
    this.#changes.set(done.urn, changed(kind, done, done.old?.inputs, done.new?.inputs, done.diffs ?? []));
  }

  /** In the order in which the engine came to them. */
  changes(): readonly ResourceChange[] {
    return [...this.#changes.values()];
  }
}

/**
 * What became of a resource.
 *
 * @param from its inputs before
 * @param to its inputs after
 * @param told paths that the engine says differ, where it masks the values. Default: none
 */
export function changed(
  kind: ResourceChange["kind"],
  { urn, type }: { readonly urn: string; readonly type: string },
  from: unknown,
  to: unknown,
  told: readonly string[] = [],
): ResourceChange {
  const isBoth = kind === "update" || kind === "replace";
  const differing = isBoth ? differences(from, to) : [];
  const masked = isBoth && differing.length === 0 ? told.map((path) => ({ path })) : [];
  const name = urn.split("::").slice(3).join("::");
  return { kind, type, name, properties: [...differing, ...masked].slice(0, MOST) };
}

/** A stack whose operations are also told to a log. */
export function logged(stack: OpenStack, log: ChangeLog): OpenStack {
  const told = <Options extends OperationOptions>(options: Options = {} as Options): Options => ({
    ...options,
    onEvent: (event: EngineEvent) => {
      log.add(event);
      options.onEvent?.(event);
    },
  });
  return {
    ...stack,
    preview: (options) => stack.preview(told(options)),
    up: (options) => stack.up(told(options)),
  };
}

/** Where two values differ, down to what is neither list nor object. */
export function differences(from: unknown, to: unknown, path = ""): PropertyChange[] {
  if (from === undefined && to === undefined) return [];
  if (isParent(from) && isParent(to) && Array.isArray(from) === Array.isArray(to)) {
    const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])];
    const list = Array.isArray(from);
    return keys.flatMap((key) =>
      differences(from[key], to[key], list ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`),
    );
  }
  const [left, right] = [
    JSON.stringify(from) as string | undefined,
    JSON.stringify(to) as string | undefined,
  ];
  if (left === right) return [];
  return [
    {
      path,
      ...(left !== undefined && { from: shortened(left) }),
      ...(right !== undefined && { to: shortened(right) }),
    },
  ];
}

const isParent = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

function shortened(json: string): string {
  if (json.includes(UNKNOWN)) return "known after the update";
  return json.length <= LONGEST ? json : `${json.slice(0, LONGEST - 1)}…`;
}
