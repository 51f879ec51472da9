import type { Code, Hold, Reason } from "../../model/rollout/action";
import { EXIT, type ExitCode } from "../exit";

/** How a command ends that is held, once what could be asked was asked. */
export function codeOf({ reasons, asks }: Hold): ExitCode {
  const has = (code: Code, is: (reason: Reason) => boolean = () => true) =>
    reasons.some((reason) => reason.code === code && is(reason));
  if (has("lock")) return EXIT.locked;
  // What nobody asks for yet, for other things come first, is not what could not be observed.
  if (has("unobserved", ({ awaits }) => awaits === "look" || asks.length > 0)) return EXIT.unobserved;
  return has("drift") ? EXIT.drift : EXIT.held;
}

/**
 * Whether nothing but somebody's deed ends a hold. As long as something else may change by itself, be it that somewhere
 * to go back to becomes healthy, it is worth to look again.
 */
export const isForPerson = ({ reasons }: Hold): boolean =>
  reasons.some(({ awaits }) => awaits === "person") &&
  !reasons.some(({ awaits }) => awaits === "targets" || awaits === "look" || awaits === "update");
