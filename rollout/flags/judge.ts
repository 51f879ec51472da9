import { circumstances } from "../../model/circumstances";
import { exposureOf } from "../../model/flags/flag";
import { refuseWrite } from "../../model/flags/guard";
import { bakesFor, nextStop, offPlan } from "../../model/flags/steps";
import type { Recorded } from "../../model/release";
import type { Seen } from "../../model/rollout/seen";
import type { Settings } from "../../model/settings";
import { judge } from "../../model/transition";
import { duration } from "../times";
import type { LiveFlag } from "./live";

/** What a rise of a flag is judged by. */
export interface Judged {
  readonly name: string;
  /** With the flag as it would be. */
  readonly settings: Settings;
  readonly recorded: Recorded;
  readonly live: Seen<LiveFlag | undefined>;
  /** ISO time. */
  readonly now: string;
}

/** Why a flag may not be set so now; `anyway`: a person may answer for it. */
export interface Held {
  readonly kind: "held" | "drift" | "unseen";
  readonly why: string;
  readonly anyway?: true;
}

/**
 * Everything that a person would learn from the update, before anything is written. A fall is held by nothing but what
 * somebody has set lower still: that is to be taken into configuration first.
 */
export function judgeRise({ name, settings, recorded, live, now }: Judged): Held[] {
  const flag = settings.flags[name];
  const before = recorded.flags?.[name];
  const had = before?.percentage ?? 0;
  if (!flag) return [];
  const flags = { [name]: flag };
  const write = {
    ...{ flag: name, after: exposureOf(flag), recorded: before?.percentage },
    live: "unseen" in live ? live : liveValue(live.value),
  };
  const refusal = refuseWrite(write);
  const drifted = refusal ? [refusal] : [];
  if (exposureOf(flag) <= had) return drifted;
  const left = bakesFor(flag, before, now);
  return [
    ...drifted,
    ...offPlan(flags, recorded).map(({ why, remedy }): Held => ({ kind: "held", why: `${why}: ${remedy}` })),
    ...judge({ ...circumstances(settings), from: recorded, to: settings.release, now })
      .filter(({ id }) => id === "T11")
      .map(({ message }): Held => ({ kind: "held", why: `T11: ${message}` })),
    ...(left > 0
      ? [
          {
            kind: "held",
            why: `${name} stays at ${had} % for ${duration(left)} more, by its plan (${flag.plan.name}), before ${nextStop(flag, had)} %`,
            anyway: true,
          } as const,
        ]
      : []),
  ];
}

const liveValue = (live: LiveFlag | undefined): Seen<LiveFlag["means"]> =>
  live?.fault === undefined ? { value: live?.means } : { unseen: live.fault };
