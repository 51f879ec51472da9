import { TargetMetrics } from "../../cloud/targetMetrics";
import type { Compared } from "../../model/analysis/analyse";
import { type AnalysisAsked, spanOf } from "../../model/analysis/asked";
import { observationOf } from "../../model/analysis/minutes";
import type { Observation } from "../../model/analysis/observation";
import { withoutOwn } from "../../model/analysis/own";
import { COLOURS, type Colour, otherColour } from "../../model/release";
import { valueOf } from "../../model/rollout/seen";
import { ownOf } from "../../model/validationLog";
import { reasonOf } from "../failure";
import type { Subject } from "../subject";
import { validationLogOf } from "./ours";

/** What the load balancer measured. */
export interface Measured {
  /** Each service in both colours; what could not be seen is said in them. */
  readonly services: readonly Compared[];
  /** Why what we sent ourselves is among the requests: they fail as they do, and are not enough to pass by. */
  readonly unseen: readonly string[];
}

/** What the load balancer measured of each service in both colours, without what we sent ourselves. */
export async function measured(subject: Subject, asked: AnalysisAsked): Promise<Measured> {
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
  const sent = valueOf(log) ?? [];
  const services = rules.map(({ service, shares, targetGroups }) => {
    const observed = (of: Colour): Observation => {
      if (!("value" in minutes)) return { service, colour: of, looks: [], missing: [minutes.unseen] };
      const found = minutes.value[targetGroups[of]] ?? [];
      return observationOf(service, of, span.from, withoutOwn(found, ownOf(sent, of, service)));
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
  return { services, unseen: "unseen" in log ? [log.unseen] : [] };
}
