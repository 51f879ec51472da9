import { PROMETHEUS_URL, Prometheus } from "../../cloud/prometheus";
import { type Compared, type ConditionName, type Further, analyse } from "../../model/analysis/analyse";
import type { AnalysisAsked } from "../../model/analysis/asked";
import type { Seen } from "../../model/rollout/seen";
import type { Analysed } from "../../model/rollout/situation";
import { reasonOf } from "../failure";
import type { Subject } from "../subject";
import { applications } from "./applications";
import { type Pause, conditionOf, paused, podFigures, targetFigures } from "./condition";
import { type Measured, measured } from "./measured";

export { type AnalysisAsked, askedOf } from "../../model/analysis/asked";

/** Judged by Prometheus alone. */
const OF_PODS: readonly ConditionName[] = ["crashLoop", "readiness"];

/**
 * What the metrics say of a colour. It never throws: what could not be seen is part of the judgement, so that a
 * failure which is seen by one source counts though another is silent. Without `SLUICE_PROMETHEUS_URL` what it alone
 * knows is not judged, and the judgement's remarks say so; where it is set, it must answer.
 *
 * @param pause default: by the clock
 */
export async function analysisOf(
  subject: Subject,
  asked: AnalysisAsked,
  pause: Pause = paused,
): Promise<Seen<Analysed>> {
  const { colour, version, since, now, rules } = asked;
  if (rules.length === 0) return { unseen: `no rule shares a service of ${colour} ${version}` };
  try {
    const { prometheus, fault } = configured();
    const counting = prometheus && applications(prometheus, subject, asked);
    const [{ services, unseen }, counts, others] = await Promise.all([
      compared(subject, asked, prometheus, pause),
      counting ?? { further: [], remarks: fault === undefined ? [notConfigured(asked)] : [] },
      prometheus ? podsOfOthers(prometheus, subject, asked) : [],
    ]);
    const judgement = analyse({
      ...{ services, since, now },
      further: [...counts.further, ...others],
      unseen: fault === undefined ? unseen : [...unseen, fault],
      remarks: counts.remarks,
    });
    return { value: { colour, version, since, at: now, judgement } };
  } catch (error) {
    return { unseen: reasonOf(error) };
  }
}

/** A name that leads nowhere keeps nobody from going back by what the load balancer measured. */
function configured(): { readonly prometheus?: Prometheus | undefined; readonly fault?: string } {
  try {
    return { prometheus: Prometheus.configured() };
  } catch (error) {
    return { fault: reasonOf(error) };
  }
}

const notConfigured = ({ colour }: AnalysisAsked): string =>
  `restarts and readiness of ${colour}'s pods, and what applications count, are not judged: no Prometheus is ` +
  `configured (${PROMETHEUS_URL})`;

/** What the load balancer measured of each service, with how its targets and pods are. */
async function compared(
  subject: Subject,
  asked: AnalysisAsked,
  prometheus: Prometheus | undefined,
  pause: Pause,
): Promise<Measured> {
  const { rules, colour, now } = asked;
  const conditions = rules.map(async ({ service, shares, targetGroups }) => {
    const figures = await Promise.all([
      targetFigures(subject, targetGroups[colour], shares[colour] > 0, pause),
      prometheus ? podFigures(prometheus, subject, service, asked) : [],
    ]);
    return conditionOf(figures.flat(), now);
  });
  const [{ services, unseen }, found] = await Promise.all([
    measured(subject, asked),
    Promise.all(conditions),
  ]);
  const judged = services.map((service, index): Compared => {
    const condition = found[index];
    return {
      ...service,
      candidate: { ...service.candidate, ...(condition && { condition }) },
      unasked: prometheus ? [] : OF_PODS,
    };
  });
  return { services: judged, unseen };
}

/** Services that no rule shares have no metrics of their own at the load balancer; their pods may fail all the same. */
const podsOfOthers = (prometheus: Prometheus, subject: Subject, asked: AnalysisAsked): Promise<Further[]> =>
  Promise.all(
    (asked.others ?? []).map(async (service) => ({
      by: "Prometheus",
      limits: OF_PODS,
      candidate: {
        ...{ service, colour: asked.colour, looks: [] },
        condition: conditionOf(await podFigures(prometheus, subject, service, asked), asked.now),
      },
    })),
  );
