import { type Colour, type Shares, greenAt } from "../../model/release";
import type { ConfigurationEdit, ReleaseEdit } from "../../rollout/configuration";
import { type Cast, type ScriptStep, begin } from "../script";

/** Shares in which a colour has so much, in percent. */
export const sharesWith = (colour: Colour, share: number): Shares =>
  greenAt(colour === "green" ? share : 100 - share);

/** A candidate beside the live colour, without traffic. */
export const deployed = ({ candidate }: Cast, version: string): ScriptStep => ({
  name: `deploy ${version} in ${candidate}`,
  kind: "deploy",
  planned: true,
  edit: { [candidate]: { version } },
});

/** An edit of the candidate's share. */
export const shifted = ({ candidate, next }: Cast, share: number): ScriptStep => ({
  name: `${share} % to ${next}`,
  kind: "shift",
  planned: true,
  edit: { traffic: sharesWith(candidate, share) },
});

/** A stop of a plan: the candidate's share in percent, and how long it bakes, such as `5m`. */
export type Stop = readonly [share: number, bake: string];

/** Requests of a service that a rise waits for where metrics are asked: a rehearsal has fewer users than a day. */
const SAMPLES = 100;

/** The candidate's predecessor stays for the whole rehearsal, however fast time passes. */
const WARM = 86_400;

/**
 * All traffic on the live colour, and a plan for a canary that takes minutes, whatever the stack's takes.
 *
 * @param bakeSeconds how long all traffic bakes before a promote
 * @param isAsked whether metrics have to be good before a share rises; where they are bad it falls all the same
 */
export const planned = (
  cast: Cast,
  stops: readonly Stop[],
  { bakeSeconds = 0, isAsked = true } = {},
): ScriptStep => {
  const steps = stops.map(([share, bake]) => ({ share, bake }));
  const configuration: ConfigurationEdit = {
    "sluice:plan": { steps },
    "sluice:limits.step": 50,
    "sluice:limits.bakeSeconds": bakeSeconds,
    "sluice:limits.samples": isAsked ? SAMPLES : 0,
    "sluice:limits.warmSeconds": WARM,
  };
  return begin(cast, { strategy: "canary" }, configuration);
};

/** How often `sluice run` looks, in seconds of the release's time: once a second, as it passes here. */
export const INTERVAL = "20";

/**
 * Minutes pass in seconds. Not faster: what was seen must be acted on within five minutes, and on a busy machine looking
 * takes its time.
 */
export const FAST = 20;

/** Back to what was live, by an edit. */
export const takenBack = ({ version }: Cast, edit: ReleaseEdit): ScriptStep => ({
  name: `back to ${version}`,
  kind: "rollback",
  planned: true,
  edit,
});

/** Another version in place of the live colour's, and another update back: not immediate, and nothing to wait for. */
export const replaced = (cast: Cast): ScriptStep[] => {
  const { live, version, next } = cast;
  return [
    { name: `roll ${next} out in place`, kind: "deploy", planned: true, edit: { [live]: { version: next } } },
    takenBack(cast, { [live]: { version } }),
  ];
};
