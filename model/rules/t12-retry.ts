import { gaining } from "../movement";
import type { Colour } from "../release";
import type { Rule, Transition, Violation } from "../rule";
import { format, set } from "../schema/faults";
import { leastOf } from "../shares";
import { isInPlace } from "../trust";
import { giveTraffic } from "./wording";

/** A version that was taken back comes to users again when somebody says that it should. */
export const t12: Rule = {
  id: "T12",
  title: "A rise of a version that was taken back",
  severity: "high",
  protects: "users from meeting the same fault twice because a plan goes on, or because nobody remembers",
  wayOut: "Release a version with the fault mended, or answer for the retry: an override of this rule.",
  judge: (transition) => {
    const { from, to } = transition;
    return gaining(transition).flatMap((colour) => {
      const back = from?.takenBack?.find(({ version }) => version === to[colour].version);
      return back ? [violation(transition, colour, back.at)] : [];
    });
  },
};

function violation(transition: Transition, colour: Colour, at: string): Violation {
  const { from, to } = transition;
  const { version = "none" } = to[colour];
  const inPlace = isInPlace(transition, colour);
  const before = from?.release[colour].version;
  const share = from ? leastOf(from, colour) : 0;
  const limit = `0 %, since ${version} was taken back at ${at}`;
  const remedy = inPlace
    ? before === undefined || before === version
      ? `put ${format(["release", colour])} back: git restore -p Pulumi.<stack>.yaml`
      : set(["release", colour, "version"], before)
    : giveTraffic(colour, share);
  return {
    id: "T12",
    severity: t12.severity,
    where: format(inPlace ? ["release", colour, "version"] : ["release", "traffic", colour]),
    found: `${to.traffic[colour]} %`,
    limit,
    remedy,
    message:
      `${colour} would ${inPlace ? "run" : `get ${to.traffic[colour]} % of the traffic with`} version ${version}, ` +
      `which was taken back at ${at}. The limit: ${limit}. Leave it as it is (${remedy}) and release a version ` +
      `with the fault mended. Or declare the retry, once and in your name (sluice:overrides).`,
  };
}
