import { Alarms } from "../../cloud/alarms";
import type { AlarmsSeen } from "../../model/flags/alarms";
import type { FlagSituation } from "../../model/flags/situation";
import { type Seen, valueOf } from "../../model/rollout/seen";
import type { Situation } from "../../model/rollout/situation";
import type { Settings } from "../../model/settings";
import type { State } from "../engine";
import type { Subject } from "../subject";
import { seen } from "../seen";
import { besideFlags } from "./follow";
import { liveFlags, seenIn } from "./live";

/** What is known before flags are looked at. */
export interface FlagsAsked {
  readonly subject: Subject;
  readonly settings: Settings;
  readonly state: Seen<State>;
  readonly situation: Situation;
}

/**
 * Looks at everything that decisions about flags are made from; none where no flag is declared, or the state cannot say
 * what there is. What cannot be seen is part of the answer.
 */
export async function observeFlags({
  subject,
  settings,
  state,
  situation,
}: FlagsAsked): Promise<FlagSituation[]> {
  const whole = valueOf(state);
  const recorded = whole?.recorded;
  const flags = Object.entries(settings.flags);
  if (!recorded || flags.length === 0) return [];
  const names = [...new Set(flags.flatMap(([, { alarms }]) => alarms.map(({ name }) => name)))];
  const [live, alarms] = await Promise.all([
    liveFlags(subject, Object.keys(settings.flags)),
    alarmsOf(subject, names),
  ]);
  const { asked, fence, lock, skewSeconds, now } = situation;
  const beside = besideFlags(settings, whole);
  return flags.map(([name, flag]) => ({
    ...{ name, flag, asked, state: recorded, fence, lock, skewSeconds, now, alarms, beside, gates: {} },
    live: seenIn(live[name] ?? { unseen: "nobody has looked" }),
  }));
}

const alarmsOf = ({ region }: Subject, names: readonly string[]): Promise<Seen<AlarmsSeen>> =>
  seen(new Alarms(region).of(names));
