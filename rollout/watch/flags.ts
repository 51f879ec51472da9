import { Alarms } from "../../cloud/alarms";
import { nowIso } from "../../cloud/clock";
import { Parameters } from "../../cloud/parameters";
import { flagParameter } from "../../model/flags/parameter";
import { flagsParameter, parsePublished, watchedFlag } from "../../model/flags/published";
import { type AlarmFall, retreat } from "../../model/flags/retreat";
import { liveFlag, seenIn } from "../flags/live";
import type { Fall } from "../flags/lower";
import type { Subject } from "../subject";
import { seen } from "../seen";

/** What alarms say of a stack's flags. */
export interface FlagsLooked {
  /** Flags that are to fall now. */
  readonly falls: readonly AlarmFall[];
  /** Why something could not be seen, a line each. */
  readonly unseen: readonly string[];
}

/** Looks at flags' alarms, and at the flags that one of them is about. It never throws. */
export async function lookAtFlags(subject: Subject): Promise<FlagsLooked> {
  const { app, environment, region } = subject;
  const parameters = new Parameters(region);
  const published = await seen(parameters.get(flagsParameter(app, environment)).then(readPublished));
  if ("unseen" in published) return { falls: [], unseen: unseenOf("what flags are watched by", published) };
  const flags = Object.entries(published.value);
  const names = new Set(flags.flatMap(([, { alarms }]) => alarms.map(({ name }) => name)));
  const alarms = await seen(new Alarms(region).of([...names]));
  if ("unseen" in alarms) return { falls: [], unseen: unseenOf("the alarms of flags", alarms) };
  const alarming = flags.filter(([, flag]) =>
    flag.alarms.some(({ name }) => alarms.value[name]?.state === "ALARM"),
  );
  const looked = await Promise.all(
    alarming.map(async ([name, flag]): Promise<FlagsLooked> => {
      const live = seenIn(await liveFlag(subject, name, parameters));
      const fall = retreat(watchedFlag(name, flag, { live, alarms, now: nowIso() }));
      return {
        falls: fall ? [fall] : [],
        unseen: "unseen" in live ? unseenOf(flagParameter(app, environment, name), live) : [],
      };
    }),
  );
  return {
    falls: looked.flatMap(({ falls }) => falls),
    unseen: looked.flatMap(({ unseen }) => unseen),
  };
}

const readPublished = (text: string | undefined) => (text === undefined ? {} : parsePublished(text));

const unseenOf = (what: string, { unseen }: { readonly unseen: string }): string[] => [
  `${what} could not be observed: ${unseen}`,
];

/** How far each flag falls: by its alarms, and with the version that loses its traffic; by the more of both. */
export function fallingOf(
  falls: readonly AlarmFall[],
  withVersion: Readonly<Record<string, number>>,
): Readonly<Record<string, Fall>> {
  const byAlarm = falls.map(({ flag, isOff, to }): [string, Fall] => {
    const also = withVersion[flag] ?? to;
    return [flag, isOff ? "off" : Math.min(to, also)];
  });
  return { ...withVersion, ...Object.fromEntries(byAlarm) };
}
