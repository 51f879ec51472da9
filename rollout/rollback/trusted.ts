import { createRequire } from "node:module";
import { type Known, knownOf, sizesOf, versionsOf } from "../../model/known";
import {
  type Asked,
  NoTargetError,
  type Rollback,
  type Sight,
  rollback as decide,
} from "../../model/rollback";
import type { Settings } from "../../model/settings";
import type { Engine, State } from "../engine";
import { UsageError, reasonOf } from "../failure";
import type * as SettingsOf from "../settingsOf";
import type { StackSubject, Subject } from "../subject";
import { valueOf } from "../../model/rollout/seen";
import type { World } from "../world";
import type { Journal } from "./journal";
import { type RollbackOptions, command } from "./options";
import { sharesText } from "./traffic";

/** Settings take long to read, and are hardly ever asked. */
const load = createRequire(__filename);

/** Who says who is trusted. */
export interface Trusted {
  readonly known: Known | undefined;
  readonly state: State | undefined;
  /** What was asked for, with what only configuration could add. */
  readonly told: Asked;
}

/** Who is trusted: as the stack publishes it, else as its state has it, else as configuration does. */
export async function trusted(
  world: World,
  stack: StackSubject | undefined,
  engine: Engine | undefined,
  asked: Asked,
  journal: Journal,
): Promise<Trusted> {
  const published = valueOf(world.known);
  if (published || !stack || !engine) return { known: published, state: undefined, told: asked };
  try {
    const state = await engine.state(5);
    if (state.recorded) return { known: knownOf(state.recorded), state, told: asked };
    journal.tell("the state has no release yet: configuration says who is trusted");
  } catch (error) {
    journal.tell(`the state could not be observed, so configuration says who is trusted: ${reasonOf(error)}`);
  }
  return asConfigured(stack, asked, journal);
}

function asConfigured({ stack }: StackSubject, asked: Asked, journal: Journal): Trusted {
  let settings: Settings;
  try {
    settings = (load("../settingsOf") as typeof SettingsOf).settingsOf(stack);
  } catch (error) {
    journal.tell(`nor can configuration be read: ${reasonOf(error)}`);
    return { known: undefined, state: undefined, told: asked };
  }
  const { release, services } = settings;
  const versions = versionsOf(release);
  if (asked.to !== undefined && asked.to !== release.live) {
    // Configuration does not know what was trusted before; whoever names the colour does.
    const version = asked.version ?? versions[release.live];
    return { known: undefined, state: undefined, told: { ...asked, version } };
  }
  const { live, strategy } = release;
  const known = { live, strategy, versions, unserved: [], sizes: sizesOf(release, services) };
  return { known, state: undefined, told: asked };
}

/** What to do. @throws UsageError with the commands that could be meant */
export function decided(sight: Sight, asked: Asked, options: RollbackOptions, subject: Subject): Rollback {
  try {
    return decide(sight, asked);
  } catch (error) {
    if (!(error instanceof NoTargetError)) throw error;
    const shares = sight.rules.map(({ service, shares }) => `  ${service}: ${sharesText(shares)}`);
    const ways = error.to.map((colour) => `  ${command(options, subject)} --to ${colour}`);
    throw new UsageError(
      [
        `nothing is moved: ${error.message}. At the load balancer:`,
        ...shares,
        ...(ways.length > 0 ? ["Say where to:", ...ways] : []),
      ].join("\n"),
    );
  }
}
