import { TargetMetrics } from "../../cloud/targetMetrics";
import type { Compared } from "../../model/analysis/analyse";
import { type AnalysisAsked, spanOf } from "../../model/analysis/asked";
import { observationOf } from "../../model/analysis/minutes";
import type { Observation } from "../../model/analysis/observation";
import { type Own, withoutOwn } from "../../model/analysis/own";
import { COLOURS, type Colour, otherColour } from "../../model/release";
import type { ValidationLog } from "../../model/validationLog";
import { reasonOf } from "../failure";
import type { Subject } from "../subject";
import { validationLogOf } from "./ours";

/** What the load balancer measured of each service in both colours; what could not be seen is said in them. */
export async function measured(subject: Subject, asked: AnalysisAsked): Promise<Compared[]> {
  const { rules, colour } = asked;
  const span = spanOf(asked);
  const arns = rules.flatMap(({ targetGroups }) => COLOURS.map((name) => targetGroups[name]));
  const [log, minutes] = await Promise.all([
    validationLogOf(subject),
    new TargetMetrics(subject.region).minutes(arns, span).then(
      (value) => ({ value }),
      (error: unknown) => ({ unseen: `CloudWatch's metrics (${reasonOf(error)})` }),
    ),
  ]);
  const unseen = [minutes, log].flatMap((seen) => ("unseen" in seen ? [seen.unseen] : []));
  return rules.map(({ service, shares, targetGroups }) => {
    const observed = (of: Colour): Observation => {
      if (!("value" in minutes) || !("value" in log)) {
        return { service, colour: of, looks: [], missing: unseen };
      }
      const found = minutes.value[targetGroups[of]] ?? [];
      return observationOf(service, of, span.from, withoutOwn(found, ownOf(log.value, service, of)));
    };
    const other = otherColour(colour);
    const live = observed(other);
    // CloudWatch answered in full, so a colour without a share had no requests where it tells of none.
    const idleSince = asked.idleSince ?? live.looks.at(-1)?.at ?? span.from;
    return {
      candidate: observed(colour),
      live: shares[other] === 0 ? { ...live, idleSince } : live,
    };
  });
}

/** What we sent to a colour of a service. */
const ownOf = (log: ValidationLog, service: string, colour: Colour): Own[] =>
  log.flatMap(({ from, until, sent }) => {
    const counts = sent[colour]?.[service];
    return counts ? [{ from, until, ...counts }] : [];
  });
