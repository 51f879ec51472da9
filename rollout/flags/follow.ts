import { flagResourceName } from "../../model/flags/parameter";
import type { Recorded } from "../../model/release";
import type { Settings } from "../../model/settings";
import { type Engine, NoEngineError, type State } from "../engine";
import { reasonOf } from "../failure";
import { type Converged, updateState } from "../rollback/converge";
import { besideTraffic } from "../rollback/followed";
import type { Journal } from "../rollback/journal";
import { settingsOf } from "../settingsOf";

/** A change of flags that stands in configuration, and that the state is to follow. */
export interface Following {
  readonly engine: Engine;
  /** The stack file as it is now. */
  readonly path: string;
  readonly text: string;
  /** What the state had before, where somebody has read it already. */
  readonly state?: State | undefined;
  readonly journal: Journal;
  readonly message: string;
  /** How long to wait for another's update to end. */
  readonly waitSeconds: number;
  /** Done after each try to update: what another's update may have undone. */
  readonly meanwhile?: () => Promise<void>;
}

/**
 * Updates flags, rules and transition, and nothing else; the rules stay as they are. Where configuration asks for more
 * than flags it leaves the update to a person: what is not deployed must not be recorded.
 */
export async function follow({ meanwhile, ...following }: Following): Promise<Converged> {
  const { engine, path, text, journal, message, waitSeconds } = following;
  let state: State;
  let others: string[];
  try {
    state = following.state ?? (await engine.state());
    others = besideFlags(settingsOf({ path, text }), state);
  } catch (error) {
    if (error instanceof NoEngineError) {
      journal.tell("no pulumi on PATH: the update is left to whoever applies configuration");
      return "left";
    }
    journal.tell(`no update: ${reasonOf(error)}`);
    return "failed";
  }
  if (others.length > 0) {
    journal.tell(`no update: configuration asks for more than flags (${others.join(", ")}); then: pulumi up`);
    return "failed";
  }
  return updateState({
    ...{ journal, waitSeconds },
    update: async () => {
      const updated = await engine.update(state.shifted, message);
      await meanwhile?.();
      return updated;
    },
  });
}

/** What configuration asks for beside flags that have a parameter already, as keys of it. */
export function besideFlags(asked: Settings, state: State): string[] {
  const { recorded } = state;
  if (!recorded) return ["the first deployment"];
  return [
    ...besideTraffic(asked, recorded).filter((what) => what !== "flags"),
    ...(sameTraffic(asked, recorded) ? [] : ["traffic"]),
    ...(asked.release.live === recorded.release.live ? [] : ["live"]),
    ...Object.keys(asked.flags)
      .filter((name) => !isMade(name, state))
      .map((name) => `the new flag ${name}`),
    ...Object.keys(recorded.flags ?? {})
      .filter((name) => !asked.flags[name])
      .map((name) => `the end of the flag ${name}`),
  ];
}

/** Whether a flag has a parameter by the state, whoever has removed that since. */
export const isMade = (name: string, { shifted }: State): boolean =>
  shifted.some((urn) => urn.endsWith(`::${flagResourceName(name)}`));

/** Every rule: after a half-failed update some of them have other shares than the release. */
const sameTraffic = ({ release }: Settings, recorded: Recorded): boolean =>
  [recorded.release.traffic, ...Object.values(recorded.rules)].every(
    ({ blue, green }) => blue === release.traffic.blue && green === release.traffic.green,
  );
