import { CHANGE_KINDS, type ChangeKind } from "../planned";
import type { PreviewFacts } from "../preview";
import { type Refusal, titleOf } from "../refusals";
import { safeBlock, safeCode, safeText } from "../safeMarkdown";
import { PAST, resourcesOf } from "./resources";
import { type Room, more, quoted, shortened } from "./room";

/** What would be lost or interrupted, which comes first. */
export function losses({ losses }: PreviewFacts, room: Room): string[] {
  if (losses.length === 0) return [];
  const shown = losses.slice(0, Math.max(5, room.messages));
  return quoted("CAUTION", [
    `**${atStake(losses)}.** Merge only if that is meant.`,
    "",
    ...shown.map(({ what, change }) => {
      const why = change.properties.map((property) => safeCode(shortened(property, 100))).join(", ");
      return (
        `- ${what}: ${safeCode(shortened(`${change.type} ${change.name}`, 300))} would be **${PAST[change.kind]}**` +
        (why === "" ? "" : `, because of ${why}`) +
        (change.protected ? ". It is protected: the update would refuse that." : "")
      );
    }),
    ...more(losses.length - shown.length),
  ]);
}

/** How much would be lost, in a few words. */
export const atStake = (losses: PreviewFacts["losses"]): string =>
  `${resourcesOf(losses.length, "precious")} would be ${verbs(losses.map(({ change }) => change.kind))}`;

const verbs = (kinds: readonly ChangeKind[]): string =>
  CHANGE_KINDS.filter((kind) => kinds.includes(kind))
    .map((kind) => PAST[kind])
    .join(" or ");

/** What Sluice refuses, each with the command that mends it. */
export function refused({ refusals, result }: PreviewFacts, room: Room): string[] {
  if (result !== "refused") return [];
  const shown = refusals.slice(0, room.messages);
  return [
    "### Refused, and how to mend it",
    ...shown.flatMap((refusal) => ["", ...refusalLines(refusal, room)]),
    ...more(refusals.length - shown.length),
  ];
}

function refusalLines({ rule, where, layer, message, remedy }: Refusal, room: Room): string[] {
  const title = rule === undefined ? layer : `${rule}${withTitle(titleOf(rule))}`;
  return [
    `**${safeText(title)}**${where === undefined ? "" : ` at ${safeCode(shortened(where, 300))}`}`,
    "",
    safeText(shortened(message, room.message)),
    ...(remedy === undefined ? [] : ["", ...safeBlock([shortened(remedy, room.message)], "sh")]),
  ];
}

const withTitle = (title: string | undefined): string => (title === undefined ? "" : `: ${title}`);

/** What made a preview fail that Sluice did not refuse. */
export function failed({ result, errors }: PreviewFacts, room: Room): string[] {
  if (result !== "failed" || errors.length === 0) return [];
  const shown = errors.slice(0, room.messages).map((error) => shortened(error, room.message));
  return ["### What the engine said", "", ...safeBlock(shown), ...more(errors.length - shown.length)];
}

/** What could not be looked at, and what follows from that for all the rest. */
export const unreachable = ({ result, unreachable: why, unseen }: PreviewFacts, room: Room): string[] =>
  why === undefined && unseen.length === 0
    ? []
    : quoted("WARNING", [
        ...(why === undefined
          ? []
          : [
              `**The cluster could not be reached.** ${result === "failed" ? NOT_COMPARED : BY_STATE} ` +
                "A private cluster is reached by a runner inside the VPC.",
              "",
              ...safeBlock([shortened(why, room.message)]),
            ]),
        ...unseen
          .slice(0, room.messages)
          .map((sentence) => `- Not seen: ${safeText(shortened(sentence, room.message))}`),
      ]);

const NOT_COMPARED = "So the preview failed, and what an update would change is not known.";
const BY_STATE =
  "What is said of Kubernetes objects compares configuration with the state alone: whether the cluster would take " +
  "them, and what it really has, is not known.";
