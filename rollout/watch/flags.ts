import { Alarms } from "../../cloud/alarms";
import { nowIso } from "../../cloud/clock";
import { Parameters } from "../../cloud/parameters";
import { flagParameter } from "../../model/flags/parameter";
import { flagsParameter, parsePublished, watchedFlag } from "../../model/flags/published";
import { type AlarmFall, retreat } from "../../model/flags/retreat";
import { liveFlag, seenIn } from "../flags/live";
import { type Lowering, lowerFlags } from "../flags/lower";
import type { Journal } from "../rollback/journal";
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

/** What became of flags that alarms take back. */
export interface FlagsTaken extends Pick<Lowering, "failed"> {
  /** Why, a line each. */
  readonly reasons: readonly string[];
  /** What could not be seen, a line each. */
  readonly unseen: readonly string[];
  /** Those that fell, and to what. */
  readonly ended: Promise<readonly AlarmFall[]>;
}

/**
 * Takes back what alarms ask for as soon as they were looked at: how the version's targets are may take half a minute
 * to see, and what a load balancer that hangs says much longer. It waits half a second at most for that, and never
 * throws.
 *
 * @param tell called with each line as it happens
 */
export async function takeBackFlags(
  subject: Subject,
  tell: (line: string) => void,
  journal: Journal,
): Promise<FlagsTaken> {
  const { falls, unseen } = await lookAtFlags(subject);
  const reasons = falls.flatMap(({ flag, reasons }) => reasons.map(({ text }) => `${flag}: ${text}`));
  for (const line of [...unseen, ...reasons]) tell(line);
  const falling = falls.map(({ flag, isOff, to }) => [flag, isOff ? "off" : to] as const);
  const { ended, failed } = await lowerFlags(subject, Object.fromEntries(falling), journal);
  const fallen = ended.then((fell) =>
    falls.flatMap((fall) => {
      const to = fell[fall.flag];
      return to === undefined ? [] : [{ ...fall, to }];
    }),
  );
  return { reasons, unseen, ended: fallen, failed };
}
