import { TargetMetrics } from "../../cloud/targetMetrics";
import type { Span } from "../../model/analysis/minutes";
import { withoutOwn } from "../../model/analysis/own";
import type { LiveRule } from "../../model/live";
import { COLOURS } from "../../model/release";
import { type Seen, valueOf } from "../../model/rollout/seen";
import { ownOf } from "../../model/validationLog";
import type { Requests } from "../../model/verify";
import { seen } from "../seen";
import type { Subject } from "../subject";
import { validationLogOf } from "./ours";

/** How many requests of users each colour of each service was sent in the full minutes of a time. It never throws. */
export async function requestsOf(
  subject: Subject,
  rules: readonly LiveRule[],
  span: Span,
): Promise<Seen<Requests>> {
  const arns = rules.flatMap(({ targetGroups }) => COLOURS.map((colour) => targetGroups[colour]));
  const [minutes, log] = await Promise.all([
    seen(new TargetMetrics(subject.region).minutes(arns, span)),
    validationLogOf(subject),
  ]);
  if ("unseen" in minutes) return minutes;
  const sent = valueOf(log) ?? [];
  const counts = rules.map(({ service, targetGroups }) => {
    const [blue = 0, green = 0] = COLOURS.map((colour) =>
      withoutOwn(minutes.value[targetGroups[colour]] ?? [], ownOf(sent, colour, service)).reduce(
        (total, { requests }) => total + requests,
        0,
      ),
    );
    return [service, { blue, green }] as const;
  });
  return { value: Object.fromEntries(counts) };
}
