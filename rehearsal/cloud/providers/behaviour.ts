import { UNKNOWN, type Value, type Values } from "./values";

export { Asset, UNKNOWN, containsUnknown, equal, isObject } from "./values";
export type { Value, Values } from "./values";

/**
 * What a provider does, without how the engine talks to it: the shell in `provider.ts` turns gRPC
 * into these calls and back. All values are plain JavaScript (see `Value`); secrets never arrive as such,
 * since the engine unwraps them for the provider and marks the outputs again itself.
 */
export interface Behaviour {
  /** The package's name, for example `aws`. */
  readonly package: string;
  /** A semantic version, at least that of the SDK that programs are written with. */
  readonly version: string;

  /** Checks a provider's own configuration; as `check`, with `type` `pulumi:providers:<package>`. */
  checkConfig(request: CheckRequest): CheckResult;
  /** Compares two configurations of a provider. A change with `replace` replaces all that it manages. */
  diffConfig(request: DiffRequest): DiffResult;

  /**
   * Refuses what the cloud's API would refuse by its schema, all faults of a resource at once, and gives
   * back the inputs as they go into the state: with defaults and generated names.
   * Unknown values are accepted anywhere. Runs in previews and in updates.
   */
  check(request: CheckRequest): CheckResult;
  /** Compares the new inputs with the old state. */
  diff(request: DiffRequest): DiffResult;
  /**
   * Makes the resource. In a preview it makes nothing: `id` is ignored, and the properties are the inputs
   * and the outputs, with `UNKNOWN` for each output that only the cloud can tell.
   * Throws `CloudError` for what the cloud refuses, `NotReady` for what exists but did not become ready.
   */
  create(request: CreateRequest): Promise<Created>;
  /** What the world holds now, or undefined when it holds no such resource (any more). */
  read(request: ReadRequest): Promise<ReadResult | undefined>;
  /** Changes the resource in place and gives all its properties. In a preview it changes nothing. */
  update(request: UpdateRequest): Promise<Values>;
  /** Removes the resource. One that is gone already is no error. */
  delete(request: DeleteRequest): Promise<void>;
  /** A function such as `aws:index/getRegion:getRegion`. Throws for a token that it does not know. */
  invoke(request: InvokeRequest): Promise<InvokeResult>;
}

/** Which resource a call is about, and on behalf of which provider. */
interface Subject {
  readonly urn: string;
  /** The type token, for example `aws:lb/listenerRule:ListenerRule`. */
  readonly type: string;
  /** The logical name: the last part of the URN. */
  readonly name: string;
  /** The configuration of the provider resource that serves this one; empty for its own `checkConfig`. */
  readonly provider: Values;
}

/** A call that may wait. */
interface Waiting {
  /** Aborted when the engine cancels its operation. */
  readonly signal: AbortSignal;
  /** The `customTimeouts` of the resource in seconds; 0 means the provider's default. */
  readonly timeoutSeconds: number;
}

export interface CheckRequest extends Subject {
  /** The inputs that the state holds; undefined for a new resource. */
  readonly olds: Values | undefined;
  readonly news: Values;
  /** Bytes for generated names, the same in the preview and in the update that follows it. */
  readonly randomSeed: Uint8Array;
}

export interface CheckResult {
  readonly inputs: Values;
  /** Empty when everything is accepted. */
  readonly failures: readonly CheckFailure[];
}

export interface CheckFailure {
  /** The path of the property, for example `actions[0].forward.targetGroups[1].weight`; empty for the whole. */
  readonly property: string;
  /** What was found and what is allowed. */
  readonly reason: string;
}

export interface DiffRequest extends Subject {
  readonly id: string;
  /** The inputs as they were last recorded. */
  readonly oldInputs: Values;
  /** The properties (inputs and outputs) as they were last recorded. */
  readonly olds: Values;
  /** The new inputs, checked. */
  readonly news: Values;
  /** Property paths that the program told the engine to ignore; the engine has reset them in `news` already. */
  readonly ignoreChanges: readonly string[];
}

export interface DiffResult {
  /** Empty when nothing changes. */
  readonly changes: readonly Change[];
  /** Whether a replacement must delete the old resource first, because both cannot exist at once. */
  readonly deleteBeforeReplace?: boolean;
}

/** One property that differs. */
export interface Change {
  /** For example `actions[0].forward.targetGroups[1].weight`. */
  readonly path: string;
  readonly kind: "add" | "delete" | "update";
  /** Whether the resource must be replaced for it. */
  readonly replace: boolean;
}

export interface CreateRequest extends Subject, Waiting {
  readonly inputs: Values;
  readonly preview: boolean;
}

export interface Created {
  readonly id: string;
  /** Inputs and outputs together. */
  readonly properties: Values;
}

export interface ReadRequest extends Subject, Waiting {
  readonly id: string;
  /** As last recorded; empty when a program only looks a resource up (`Type.get`) or imports it. */
  readonly inputs: Values;
  readonly properties: Values;
}

export interface ReadResult extends Created {
  /** The inputs that would make what was found. */
  readonly inputs: Values;
}

export interface UpdateRequest extends Subject, Waiting {
  readonly id: string;
  readonly oldInputs: Values;
  readonly olds: Values;
  readonly news: Values;
  readonly ignoreChanges: readonly string[];
  readonly preview: boolean;
}

export interface DeleteRequest extends Subject, Waiting {
  readonly id: string;
  readonly properties: Values;
}

export interface InvokeRequest {
  /** For example `aws:index/getRegion:getRegion`. */
  readonly token: string;
  readonly args: Values;
  readonly provider: Values;
  readonly preview: boolean;
}

export interface InvokeResult {
  readonly result: Values;
  readonly failures?: readonly CheckFailure[];
}

/** The resource was created or changed but did not become ready: the engine keeps it and fails the update. */
export class NotReady extends Error {
  constructor(
    readonly id: string,
    /** As they are now. */
    readonly properties: Values,
    readonly inputs: Values,
    /** Why, one reason a line. */
    readonly reasons: readonly string[],
  ) {
    super(reasons.join("\n"));
    this.name = "NotReady";
  }
}

/** A property value as a message shows it. */
export function show(value: Value | undefined): string {
  if (value === undefined) return "nothing";
  return JSON.stringify(value, (_, v: unknown) => (v === UNKNOWN ? "(not known yet)" : v));
}
