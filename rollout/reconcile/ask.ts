import { nowIso } from "../../cloud/clock";
import { type Recorded, otherColour } from "../../model/release";
import type { Hold } from "../../model/rollout/action";
import type { GateAnswer } from "../../model/rollout/gate";
import type { Seen } from "../../model/rollout/seen";
import type { Situation } from "../../model/rollout/situation";
import { askGate } from "./gates";
import type { Observed } from "./observe";
import { validate } from "./validation";

/**
 * The situation once everything has been asked that a hold asks for, all at once.
 *
 * @param state what is recorded: without it nothing is asked for
 */
export async function ask(
  { stack, settings, situation }: Observed,
  state: Recorded,
  { asks }: Pick<Hold, "asks">,
): Promise<Situation> {
  const { release } = state;
  const [validation, gates] = await Promise.all([
    asks.includes("validation")
      ? validate(stack, { settings, release, colour: otherColour(release.live) })
      : situation.validation,
    Promise.all(
      asks
        .filter((one) => one !== "validation")
        .map(async (gate): Promise<[string, Seen<GateAnswer>]> => [
          gate.name,
          await askGate(gate, { subject: stack, folder: stack.project.folder, state }),
        ]),
    ),
  ]);
  return {
    ...situation,
    validation,
    gates: { ...situation.gates, ...Object.fromEntries(gates) },
    now: nowIso(),
  };
}
