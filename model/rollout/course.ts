import type { LiveRule } from "../live";
import { sameManifest, sameRelease } from "../manifest";
import { COLOURS, type Release, allTo } from "../release";
import { areUneven, leastOf, mostOf } from "../shares";
import { predecessorColour } from "../trust";
import { type Action, type Edit, type Obstacle, type Reason, hold, named } from "./action";
import { carrying } from "./carrying";
import { refusals } from "./rules";
import { type Scene, sharesFor, transitionTo, trusts } from "./situation";

/** What somebody asks for less of, or whom somebody goes back to; undefined where nobody does. */
export function askedBack(scene: Scene, rules: readonly LiveRule[]): Action | undefined {
  const { state, asked, colour, wish } = scene;
  const { release } = asked;
  const { live } = state.release;
  const isTrusted = trusts(scene, colour);
  if (release.live === colour && isTrusted) return moved(scene, { live: colour, traffic: release.traffic });
  if (release.live !== live) return undefined;
  const share = wish ?? release.traffic[colour];
  const [least, most] = [leastOf(state, colour), mostOf(state, colour)];
  const isAsked = isTrusted ? share !== least || share !== most : share < least;
  if (!isAsked) return undefined;
  return (
    (wish === undefined ? undefined : prepared(scene, rules, share)) ??
    moved(scene, { live, traffic: sharesFor(colour, share) })
  );
}

/** A way back that nobody is in a hurry about finds as many pods as it needs. What could not be seen does not keep it. */
function prepared(scene: Scene, rules: readonly LiveRule[], share: number): Action | undefined {
  const { state, colour } = scene;
  const { live, traffic } = state.release;
  const [to, gets] = share > leastOf(state, colour) ? [colour, share] : [live, 100 - share];
  const { raise, lacks } = carrying(scene, rules, to, gets);
  const reasons: Reason[] = [{ code: "capacity", text: `${to} is made larger before it gets ${gets} %` }];
  if (raise) return changed(scene, "prepare", { live, traffic, capacity: raise }, reasons);
  return lacks.length > 0 ? hold(lacks) : undefined;
}

function moved(scene: Scene, edit: Edit & Pick<Release, "live" | "traffic">): Action {
  const { asked } = scene;
  const against = refusals(scene, edit);
  if (against.length > 0) return hold(against);
  const { traffic, live } = edit;
  const reasons: Reason[] = [
    {
      code: "asked",
      text: `somebody asks for blue ${traffic.blue} %, green ${traffic.green} %, ${live} live`,
    },
  ];
  if (traffic[live] < 100) return changed(scene, "shift", edit, reasons);
  return { kind: "retreat", moves: [], edit, release: { ...asked.release, ...edit }, refused: [], reasons };
}

/** A change where the rules permit it; else why they do not. */
export function changed(
  scene: Scene,
  kind: "prepare" | "shift" | "promote",
  edit: Edit,
  reasons: readonly Reason[],
): Action {
  const against = refusals(scene, edit, goalOf(scene));
  return against.length > 0
    ? hold(against)
    : { kind, edit, release: { ...scene.asked.release, ...edit }, reasons };
}

/** What configuration asks for beside traffic and the state lacks: it is deployed first. Undefined: it lacks nothing. */
export function pending(scene: Scene): Action | undefined {
  const { state, asked } = scene;
  const { live, traffic } = state.release;
  const asIs = areUneven(state) ? {} : { live, traffic };
  const { to } = transitionTo(scene, asIs);
  const settled = { ...to, live, traffic };
  if (sameRelease(settled, state.release)) return undefined;
  if (!sameManifest(to[live], state.release[live])) {
    const found = `${named(state.release, live)} → ${named(to, live)}`;
    const text = `configuration changes what the live colour runs (${found}), which nothing can judge here: pulumi up`;
    return hold([{ code: "behind", text, awaits: "person" }, ...refusals(scene, asIs)]);
  }
  const what = COLOURS.filter((colour) => !sameManifest(to[colour], state.release[colour]));
  const text =
    what.length > 0
      ? `configuration asks for ${what.map((colour) => named(to, colour)).join(", ")}`
      : "configuration asks for another strategy or capacity";
  return changed(scene, "prepare", differs(asIs, asked.release) ? asIs : {}, [{ code: "deploy", text }]);
}

const differs = (edit: Edit, release: Release): boolean =>
  (edit.live !== undefined && edit.live !== release.live) ||
  (edit.traffic !== undefined && edit.traffic.green !== release.traffic.green);

/** Why nothing is to be released; undefined where something is. */
export function finished(scene: Scene): string | undefined {
  const { state, asked, colour, wish } = scene;
  const { release } = state;
  const { version } = release[colour];
  if (asked.release.strategy === "rolling") return "a rolling release has one colour";
  if (version === undefined) return `${colour} is free for the next version`;
  if (wish !== undefined && wish <= leastOf(state, colour) && !areUneven(state))
    return `${colour} has ${wish} %`;
  if (trusts(scene, colour)) return `${named(release, colour)} is kept as a way back`;
  const hasShare = mostOf(state, colour) > 0 || asked.release.traffic[colour] > 0;
  if (predecessorColour(state) === colour && !hasShare)
    return `${named(release, colour)} was kept, and its time is over`;
  return undefined;
}

/** Where the release is to go. */
export const goalOf = ({ asked, colour, state, wish }: Scene): Release =>
  wish === undefined
    ? { ...asked.release, live: colour, traffic: allTo(colour) }
    : { ...asked.release, live: state.release.live, traffic: sharesFor(colour, wish) };

/** Why it goes no further for now. */
export const stopped = ({ asked }: Scene): Obstacle[] =>
  asked.plan.hold === undefined
    ? []
    : [{ code: "stopped", text: `sluice:plan.hold: ${asked.plan.hold}`, awaits: "person" }];
