/** What is read of the engine's events, as `pulumi preview --event-log FILE` writes them, one a line. */
export interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: Step };
  readonly resOutputsEvent?: { readonly metadata: Step };
  readonly diagnosticEvent?: {
    readonly severity: string;
    readonly message: string;
    readonly urn?: string;
    /** Whether it is about progress and gone at the end. */
    readonly ephemeral?: boolean;
  };
  readonly policyEvent?: {
    readonly policyPackName: string;
    readonly policyName: string;
    readonly enforcementLevel: string;
    readonly message: string;
    readonly resourceUrn?: string;
  };
}

/** What the engine would do to one resource. */
export interface Step {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly old?: StepState | null;
  readonly new?: StepState | null;
  /** Properties that make a replacement necessary. */
  readonly keys?: readonly string[] | null;
  /** Properties that differ. */
  readonly diffs?: readonly string[] | null;
}

export interface StepState {
  /** Whether the engine refuses to delete it. */
  readonly protect?: boolean;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/**
 * The events of a log. A line that is cut off, because the engine was killed while it wrote it, is left out.
 *
 * @param log the file's text
 */
export const eventsIn = (log: string): EngineEvent[] =>
  log.split("\n").flatMap((line): EngineEvent[] => {
    if (line.trim() === "") return [];
    try {
      return [JSON.parse(line) as EngineEvent];
    } catch {
      return [];
    }
  });
