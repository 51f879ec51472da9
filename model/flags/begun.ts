import { broughtBy } from "../delivery/begun";
import { type FlagAction, isFall } from "./action";
import { exposureOf } from "./flag";
import { type FlagSituation, holdFlag, recordedOf } from "./situation";
import { nextStop } from "./steps";

/** A flag as it was seen, and what is decided about it. */
export interface FlagDecided {
  readonly scene: FlagSituation;
  readonly action: FlagAction;
}

/** Whether configuration gives it to more sessions than the state has. */
export const isRising = (scene: FlagSituation): boolean => exposureOf(scene.flag) > recordedOf(scene);

/**
 * What configuration gives flags that nobody has deployed, for whoever only goes on with what was, each a sentence: it
 * may be merged alone. The next stop of a plan that users have begun to go is none of that, once all that it needs is
 * good: a tick has written it, and its update was broken off, or it is where this one would go by itself.
 */
export const undeployed = (flags: readonly FlagDecided[], stack: string): string[] =>
  flags
    .filter(({ scene, action }) => isRising(scene) && !(action.kind === "raise" && isNext(scene)))
    .map(
      ({ scene: { name, flag } }) =>
        `${name} at ${exposureOf(flag)} % is not deployed yet: ${broughtBy(stack)}`,
    );

function isNext(scene: FlagSituation): boolean {
  const had = recordedOf(scene);
  return had > 0 && exposureOf(scene.flag) === nextStop(scene.flag, had);
}

/**
 * What is left of a decision then: an update of one flag writes them all, so there is none. Nothing rises, and what falls
 * does so in SSM and configuration.
 *
 * @param waits as {@link undeployed} has them; empty: the decision stays as it is
 */
export const begunFlag = ({ scene, action }: FlagDecided, waits: readonly string[]): FlagAction =>
  waits.length > 0 && isByUpdate(action)
    ? holdFlag(
        scene,
        waits.map((text) => ({ code: "behind", text, awaits: "person" })),
      )
    : action;

/** Whether nothing is taken from sessions, and written, before an update of flags. */
export const isByUpdate = (action: FlagAction): boolean =>
  action.kind === "raise" || (isFall(action) && !action.value && Object.keys(action.edit).length === 0);
