import { capacityOf } from "../../model/capacity";
import { exposures, onlyFall, sameExposures } from "../../model/flags/flag";
import type { FlagEdit } from "../../model/flags/action";
import { withRelease } from "../../model/flags/fall";
import { messageOf } from "../../model/message";
import { sameManifest } from "../../model/manifest";
import { sameFootprints } from "../../model/movement";
import { platformChanges } from "../../model/platform";
import { cachesLeft } from "../../model/providers/caches";
import { COLOURS, type Colour, type Recorded, type Release, greenAt, otherColour } from "../../model/release";
import type { RolloutEvent } from "../../model/rolloutEvent";
import { type Settings, footprints } from "../../model/settings";
import type { Engine, State } from "../engine";
import { reasonOf } from "../failure";
import { settingsOf } from "../settingsOf";
import type { StackSubject } from "../subject";
import { type Converged, updateState, writeConfiguration } from "./converge";
import type { Hold } from "./hold";
import type { Journal } from "./journal";
import type { RollbackOptions } from "./options";
import type { Trusted } from "./trusted";

/** What a rollback leaves to be brought in line. */
export interface Converging extends Omit<Trusted, "told"> {
  readonly stack: StackSubject;
  readonly engine: Engine;
  readonly to: Colour;
  /** Of that colour, in percent. */
  readonly share: number;
  readonly hold: Hold;
  readonly journal: Journal;
  readonly options: RollbackOptions;
  readonly waitSeconds: number;
  /** The rollback, as history has it. */
  readonly event: RolloutEvent;
  /** Flags that fell with traffic, and to which percentage. */
  readonly fell: Promise<Readonly<Record<string, number>>>;
}

/** Configuration and state follow traffic. */
export async function converge(converging: Converging): Promise<Converged> {
  const { stack, engine, known, to, share, hold, journal, options, waitSeconds, event } = converging;
  const live = share === 100 || !known ? to : known.live;
  const traffic = greenAt(to === "green" ? share : 100 - share);
  const flags = flagsAsked(await converging.fell, converging);
  let text: string;
  try {
    text = writeConfiguration(stack.stack, { live, traffic }, journal, flags);
  } catch (error) {
    journal.tell(`configuration is NOT changed: ${reasonOf(error)}`);
    return "failed";
  }
  if (options.writeOnly) return "left";
  let { state } = converging;
  try {
    state ??= await engine.state();
  } catch {
    // The update says why.
  }
  let others: string[];
  let asked: Settings;
  try {
    asked = settingsOf({ path: stack.stack.path, text });
    others = state?.recorded ? besideTraffic(asked, state.recorded) : [];
  } catch (error) {
    journal.tell(`no update, for configuration is at fault; mend it, then: pulumi up\n${reasonOf(error)}`);
    return "failed";
  }
  if (others.length > 0) {
    // An update of the rules alone would record what it has not deployed.
    journal.tell(
      `no update: configuration asks for more than traffic (${others.join(", ")}); then: pulumi up`,
    );
    return "failed";
  }
  const recorded = state?.recorded;
  const isAsked = recorded && sameExposures(exposures(asked.flags), recorded.flags);
  if (isAsked && recorded.release.live === live && isAt(state, traffic)) {
    journal.tell("the state has it already");
    return "updated";
  }
  if (state?.shifted.length === 0) {
    journal.tell("the state has no weighted rules yet: there is nothing to update");
    return "left";
  }
  const converged = await updateState({
    ...{ hold, journal, waitSeconds },
    update: async () => {
      state ??= await engine.state();
      return engine.update(state.shifted, messageOf(event));
    },
  });
  if (converged === "updated" && recorded && recorded.release.live !== live) {
    journal.tell("workers and singletons follow the live colour with the next pulumi up");
  }
  const caches = share === 100 ? cachesLeft(asked, otherColour(to)) : undefined;
  if (caches !== undefined) journal.tell(caches);
  return converged;
}

/** What configuration is to say of flags that fell with traffic; nothing where it is at fault, which is told then. */
function flagsAsked(
  fell: Readonly<Record<string, number>>,
  { stack: { stack }, options: { reason } }: Converging,
): Readonly<Record<string, FlagEdit>> {
  if (Object.keys(fell).length === 0) return {};
  try {
    return withRelease(fell, reason, settingsOf(stack).flags);
  } catch {
    return {};
  }
}

const isAt = (state: State | undefined, traffic: Release["traffic"]): boolean => {
  const recorded = state?.recorded;
  if (!recorded) return false;
  return [recorded.release.traffic, ...Object.values(recorded.rules)].every(
    (shares) => shares.green === traffic.green && shares.blue === traffic.blue,
  );
};

/** What configuration asks for beside traffic and the live colour, as keys of it. */
export function besideTraffic(asked: Settings, recorded: Recorded): string[] {
  const { release: to, backends } = asked;
  const { release, platform, flags } = recorded;
  return [
    ...(to.strategy === release.strategy ? [] : ["strategy"]),
    ...COLOURS.filter((colour) => !sameManifest(to[colour], release[colour])),
    ...(COLOURS.every((colour) => capacityOf(to, colour) === capacityOf(release, colour))
      ? []
      : ["capacity"]),
    ...(sameFootprints(recorded, footprints(asked)) ? [] : ["services"]),
    ...(platform && platformChanges(platform, { ...platform, backends }).length > 0 ? ["backends"] : []),
    // What falls may go along: rules, transition and flags are updated together.
    ...(onlyFall(exposures(asked.flags), flags) ? [] : ["flags"]),
  ];
}
