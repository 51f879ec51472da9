import { isSettled } from "../flags/settled";
import { gaining } from "../movement";
import { COLOURS, type Colour } from "../release";
import type { Rule, Transition, Violation } from "../rule";
import { format, set } from "../schema/faults";
import { isRestored, isTrusted } from "../trust";
import { giveTraffic } from "./wording";

/** Two experiments at once tell nothing of either, so only few users are in both. */
export const t11: Rule = {
  id: "T11",
  title: "A version and a flag that are both new to too many users",
  severity: "high",
  protects: "users from two experiments at once, and each experiment from the other",
  wayOut: "Lower the share or the flag's percentage, or wait until one of them is settled.",
  judge: (transition) =>
    COLOURS.filter((colour) => isUntried(transition, colour)).flatMap((colour) =>
      Object.keys(transition.flags ?? {}).flatMap((flag) => violations(transition, colour, flag)),
    ),
};

/** What an update replaces in place, or makes live, was not trusted before it. */
const isUntried = (transition: Transition, colour: Colour): boolean => {
  const { to } = transition;
  const restored = colour === to.live && isRestored(transition);
  return to.traffic[colour] > 0 && !restored && !isTrusted(transition, colour);
};

function violations(transition: Transition, colour: Colour, name: string): Violation[] {
  const { from, to, limits } = transition;
  const flag = transition.flags?.[name];
  if (!flag || isSettled(transition, name)) return [];
  const [share, { percentage }] = [to.traffic[colour], flag];
  const before = from?.flags?.[name]?.percentage ?? 0;
  const [rises, widens] = [gaining(transition).includes(colour), percentage > before];
  if ((!rises && !widens) || share * percentage <= limits.exposure * 100) return [];
  const { version = "none" } = to[colour];
  const found = `${share} % × ${percentage} % = ${(share * percentage) / 100} %`;
  const limit = `${limits.exposure} % of the users in both`;
  const narrow = set(["flags", name, "rollout_percentage"], Math.floor((limits.exposure * 100) / share));
  // What is or becomes live has all traffic, so that only the flag can be lowered.
  const lower =
    to.live === colour ? undefined : giveTraffic(colour, Math.floor((limits.exposure * 100) / percentage));
  const remedy = rises && lower ? lower : narrow;
  return [
    {
      id: "T11",
      severity: t11.severity,
      where: rises ? format(["release", "traffic", colour]) : format(["flags", name]),
      found,
      limit,
      remedy,
      message:
        `${colour} (version ${version}) would have ${share} % of the traffic while the flag ${name} has ` +
        `${percentage} % of the sessions, and neither is settled: ${found}. The limit: ${limit}. ` +
        `Lower ${lower ? `the share (${lower}) or ` : ""}the flag (${narrow}), or wait until ` +
        `${version} is trusted or ${name} is settled.`,
    },
  ];
}
