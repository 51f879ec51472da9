import { now as releaseTime, nowIso } from "../../cloud/clock";
import type { AnalysisAsked } from "../../model/analysis/asked";
import { valueOf } from "../../model/rollout/seen";
import type { Watched } from "../../model/rollout/urgency";
import { LOOKED_BACK_SECONDS, watchedColour } from "../../model/rollout/watch";
import type { Pause } from "../reconcile/condition";
import type { Subject } from "../subject";
import { type World, look } from "../world";
import { type Judged, judged } from "./judged";

/** What was seen. */
export interface Looked {
  /** Absent: nobody could say who is trusted. */
  readonly watched?: Watched;
  /** Why something could not be seen, a line each. */
  readonly unseen: readonly string[];
}

const NOTHING: Judged = { analysis: { unseen: "no version with traffic is to be judged" }, unseen: [] };

/** Looks at everything that a watcher decides by. It never throws. */
export async function lookToWatch(subject: Subject, pause: Pause): Promise<Looked> {
  const first = await look(subject);
  const asked = toJudge(first, releaseTime());
  const waits: number[] = [];
  const found = asked
    ? await judged(subject, asked, async (milliseconds) => {
        waits.push(milliseconds);
        await pause(milliseconds);
      })
    : NOTHING;
  // Half a minute may have passed while a target was waited for, and somebody else may have moved traffic.
  const { rules, targets, fence, known: published, unseen } = waits.length > 0 ? await look(subject) : first;
  const known = valueOf(published);
  const { app, environment } = subject;
  const unpublished = `${app}-${environment} publishes no release, so nobody can say who is trusted: pulumi up`;
  const now = nowIso();
  return {
    ...(known && { watched: { known, rules, targets, fence, analysis: found.analysis, now } }),
    unseen: [...unseen, ...("value" in published && !known ? [unpublished] : []), ...found.unseen],
  };
}

/** What is to be judged; undefined where nothing is, or too little was seen. */
function toJudge({ rules, known, publishedAt }: World, now: Date): AnalysisAsked | undefined {
  const [seen = [], published] = [valueOf(rules), valueOf(known)];
  const colour = published && watchedColour(published, seen, now.toISOString());
  const version = colour && published.versions[colour];
  if (colour === undefined || version === undefined) return undefined;
  // What a colour did before it ran this version says nothing of it.
  const earliest = now.getTime() - 1_000 * LOOKED_BACK_SECONDS;
  const began = new Date(publishedAt === undefined ? earliest : Math.max(Date.parse(publishedAt), earliest));
  return {
    rules: seen.filter(({ shares }) => shares[colour] > 0),
    ...{ colour, version, since: began.toISOString(), now: now.toISOString() },
  };
}
