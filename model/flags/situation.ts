import type { Recorded } from "../release";
import type { Obstacle } from "../rollout/action";
import type { GateAnswer } from "../rollout/gate";
import type { Seen } from "../rollout/seen";
import type { Asked, Situation } from "../rollout/situation";
import type { FlagHold } from "./action";
import type { AlarmsSeen } from "./alarms";
import { type Flag, type FlagValue, exposureOf } from "./flag";

/** What SSM says of a flag. */
export interface FlagSeen {
  readonly value: FlagValue;
  /** ISO time since which it says so. Absent: not told. */
  readonly at?: string;
}

/** Everything that a decision about one flag is made from. What could not be seen never counts as good. */
export interface FlagSituation extends Pick<Situation, "fence" | "lock" | "skewSeconds" | "now"> {
  readonly name: string;
  /** As configuration declares it. */
  readonly flag: Flag;
  readonly asked: Asked;
  /** What the state has. */
  readonly state: Recorded;
  /** Undefined where SSM has no such parameter. */
  readonly live: Seen<FlagSeen | undefined>;
  readonly alarms: Seen<AlarmsSeen>;
  /** By the gate's name, of the present step. */
  readonly gates: Readonly<Record<string, Seen<GateAnswer>>>;
  /** What configuration asks for beside flags and the state lacks, as keys of it. */
  readonly beside: readonly string[];
}

/** What SSM says; undefined where that could not be seen, or there is nothing. */
export const liveValue = ({ live }: Pick<FlagSituation, "live">): FlagValue | undefined =>
  "value" in live ? live.value?.value : undefined;

/** Of the sessions that have it, in percent, as the state has it. */
export const recordedOf = ({ state, name }: Pick<FlagSituation, "state" | "name">): number =>
  state.flags?.[name]?.percentage ?? 0;

/** As SSM has it, and as the state does where SSM could not be seen. */
export function exposureNow(scene: FlagSituation): number {
  const value = liveValue(scene);
  return value ? exposureOf(value) : recordedOf(scene);
}

export const holdFlag = (
  scene: FlagSituation,
  reasons: readonly Obstacle[],
  asks: FlagHold["asks"] = [],
): FlagHold => ({ kind: "hold", flag: scene.name, from: exposureNow(scene), reasons, asks });
