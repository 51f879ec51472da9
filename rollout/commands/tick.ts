import type { Action } from "../../model/rollout/action";
import type { ExitCode } from "../exit";
import { type Calling, type ReconcileOptions, session } from "../reconcile/session";
import type { Terminal } from "../terminal";

export interface TickOptions extends ReconcileOptions {
  /** Decide, and do nothing. */
  readonly dryRun?: boolean;
  /** Only go on with what was deployed. */
  readonly begun?: boolean;
}

/** Reconciles once. @throws UsageError where the stack's settings are at fault */
export const tick = (options: TickOptions, terminal: Terminal, calling: Calling = {}): Promise<ExitCode> =>
  once(options, terminal, {
    ...calling,
    flags: !options.dryRun,
    begun: options.begun === true,
    ...(options.dryRun && { only: [], leave: "this is a dry run" }),
  });

/** What goes forward; and the way back, which waits for nobody. */
const FORWARD: readonly Action["kind"][] = ["prepare", "shift", "promote", "retreat"];

/** Takes the plan's next step, or goes back where that is urgent, and nothing else. @throws likewise */
export const advance = (options: ReconcileOptions, terminal: Terminal): Promise<ExitCode> =>
  once(options, terminal, {
    only: FORWARD,
    leave: `it is no step of the plan; sluice tick -s ${options.stack} does it`,
  });

/** Promotes, if nothing but that is to be done; goes back where that is urgent. @throws likewise */
export const promote = (options: ReconcileOptions, terminal: Terminal): Promise<ExitCode> =>
  once(options, terminal, {
    only: ["promote", "retreat"],
    leave: `it is no promote; sluice tick -s ${options.stack} does it`,
  });

const once = (options: ReconcileOptions, terminal: Terminal, calling: Calling): Promise<ExitCode> =>
  session(options, terminal, calling, async (one) => (await one.tick()).code);
