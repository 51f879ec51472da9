import { frozen } from "./freeze";
import { type Limits, stricter } from "./limits";
import { NoPlanError, plan } from "./plan";
import { COLOURS, type Recorded, type Release, allTo, otherColour } from "./release";
import { outlook } from "./rollout/outlook";
import { sceneOf } from "./rollout/situation";
import { set } from "./schema/faults";
import type { Look } from "./status";
import { predecessorColour, retentionPhase, secondsBetween } from "./trust";

/** What is to come. */
export interface Upcoming {
  /** In a few words, for example `shift green to 25 %`. */
  readonly what: string;
  /** Seconds until it may be; absent where nothing is planned. */
  readonly inSeconds?: number;
}

/** What comes next: what configuration asks for and the state lacks, else the way to the candidate's promote. */
export function upcoming(look: Look, recorded: Recorded): Upcoming {
  const { release, limits, fence, now } = look;
  const colour = otherColour(release.live);
  const pending = firstStep(recorded, release, limits, now);
  if (pending) return { ...pending, what: `${pending.what}, as configuration asks` };
  const { version } = release[colour];
  if (version === undefined) return { what: `nothing: ${colour} is free for the next version` };
  if (fence?.version === version) {
    return { what: `nothing: ${colour} ${version} is fenced; release another version` };
  }
  if (predecessorColour(recorded) === colour) {
    return { what: `nothing: ${colour} is kept as a way back${leave(recorded, version, now)}` };
  }
  if (release.strategy === "rolling") return { what: "nothing: a rolling release has one colour" };
  if (look.decided) return byPlan(look.decided, recorded) ?? { what: "nothing" };
  const promoted = { ...release, live: colour, traffic: allTo(colour) };
  return firstStep(recorded, promoted, limits, now) ?? { what: "nothing" };
}

/** What is decided on; else the next stop of `sluice:plan`, and the earliest time at which it may be reached. */
function byPlan(
  { situation, action }: NonNullable<Look["decided"]>,
  recorded: Recorded,
): Upcoming | undefined {
  const scene = sceneOf(situation, recorded);
  const { release } = recorded;
  if (action.kind === "shift") {
    return { what: `shift ${scene.colour} to ${action.release.traffic[scene.colour]} %`, inSeconds: 0 };
  }
  const { stops, promoteNotBefore, standsStill } = outlook(scene);
  if (standsStill !== undefined) return { what: `nothing: ${standsStill.split("\n")[0] ?? ""}` };
  const stop = stops.find(({ place, notBefore }) => place === "ahead" && notBefore !== undefined);
  const at = stop?.notBefore ?? promoteNotBefore;
  if (at === undefined) return undefined;
  const { strategy } = situation.asked.release;
  const version = release[scene.colour].version ?? "";
  const promotes = `${strategy === "blue-green" ? "flip" : "promote"} ${scene.colour} ${version}`.trimEnd();
  const inSeconds = Math.max(0, Math.ceil(secondsBetween(situation.now, at)));
  return { what: stop ? `shift ${scene.colour} to ${stop.share} %` : promotes, inSeconds };
}

/** When the next version may take the place of one that is kept. */
const leave = (recorded: Recorded, version: string, now: string): string =>
  retentionPhase(recorded, now) === "cold"
    ? `; a release that says so may take its place (${set(["release", "supersedes"], version)})`
    : "; then it is free for the next version";

function firstStep(recorded: Recorded, target: Release, limits: Limits, now: string): Upcoming | undefined {
  try {
    const [step] = plan(recorded, target, limits, now);
    if (!step) return undefined;
    const freeze = frozen(stricter(recorded.limits, limits).freezes, now);
    const held = freeze && step.waitSeconds > 0 ? `, not in the freeze (${freeze.reasons.join(", ")})` : "";
    return { what: described(step.kind, step.release, recorded) + held, inSeconds: step.waitSeconds };
  } catch (error) {
    if (error instanceof NoPlanError)
      return { what: `nothing is permitted: ${error.message.split("\n")[0] ?? ""}` };
    throw error;
  }
}

function described(kind: string, release: Release, { release: before }: Recorded): string {
  const colour = otherColour(before.live);
  switch (kind) {
    case "shift":
      return `shift ${colour} to ${release.traffic[colour]} %`;
    case "rollback":
      return `all traffic back to ${release.live}`;
    case "promote":
    case "flip":
      return `${kind} ${release.live} ${release[release.live].version ?? ""}`.trimEnd();
    case "deploy": {
      const changed = COLOURS.filter((name) => release[name].version !== before[name].version);
      const [name] = changed;
      return name ? `deploy ${name} ${release[name].version ?? "empty"}` : "deploy";
    }
    default:
      return "an update that moves no traffic";
  }
}
