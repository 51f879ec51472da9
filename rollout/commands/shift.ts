import { otherColour } from "../../model/release";
import { valueOf } from "../../model/rollout/seen";
import { leastOf, mostOf } from "../../model/shares";
import { EXIT, type ExitCode } from "../exit";
import { loop } from "../reconcile/loop";
import { type ReconcileOptions, type Session, session } from "../reconcile/session";
import type { Ticked } from "../reconcile/tick";
import { wholeNumber } from "../rollback/options";
import type { Terminal } from "../terminal";

export interface ShiftOptions extends ReconcileOptions {
  /** How long pods that are on their way are waited for, in seconds. */
  readonly timeout: string;
  /** Only share what was deployed. */
  readonly begun?: boolean;
}

/** Seconds between two looks at pods that are on their way. */
const INTERVAL = 5;

/**
 * Gives the candidate a share, in as many updates as the rules ask for. Whoever asks for it takes the plan's times and
 * gates upon himself; everything else must be good.
 *
 * @param share in percent, as it was typed
 * @returns 3 where it is not reached
 * @throws UsageError of the share, options, or settings
 */
export function shift(share: string, options: ShiftOptions, terminal: Terminal): Promise<ExitCode> {
  const wish = wholeNumber("the share", share, 100);
  const timeoutSeconds = wholeNumber("--timeout", options.timeout, 86_400, 1);
  return session(options, terminal, { wish, begun: options.begun === true }, async (session) => {
    if (options.writeOnly) return (await session.tick()).code;
    let last: Ticked | undefined;
    const watched: Session = { ...session, tick: async () => (last = await session.tick()) };
    const code = await loop(watched, {
      ...{ intervalSeconds: INTERVAL, timeoutSeconds },
      waitsFor: ({ reasons }) => reasons.every(({ awaits }) => awaits === "targets"),
    });
    return code === EXIT.done && last && !isReached(last, wish) ? EXIT.held : code;
  });
}

function isReached({ observed }: Ticked, wish: number): boolean {
  const state = valueOf(observed.situation.recorded);
  if (!state) return false;
  const colour = otherColour(state.release.live);
  return leastOf(state, colour) === wish && mostOf(state, colour) === wish;
}
