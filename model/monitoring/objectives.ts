import { WORK, type Work } from "./families";

/** What is promised of a service, under `sluice:slo.services`. */
export interface ServiceObjective {
  /** What it does for its users. Default: `api`; VoiceAssist's voice-service and analytics by {@link WORK_OF}. */
  readonly work: Work;
  /** Its answers' 95th percentile stays below this, in seconds; one of `BOUNDS`. Default: by {@link P95_OF}. */
  readonly p95: number;
}

/** What is promised, under `sluice:slo`: objectives, which are met over weeks. */
export interface Slo {
  /** Requests that do not fail, in percent. Default: 99.9. */
  readonly availability: number;
  /** Transcriptions and analyses that fail, in percent at most. Default: 0.1, which is as much as availability allows. */
  readonly errorRate: number;
  /** The time over which they hold, in days. Default: 30. */
  readonly windowDays: number;
  /** What a thousand requests to providers may cost, in USD. Absent: nobody said, and it is not judged. */
  readonly costPerThousand?: number;
  /** Every service of the stack. */
  readonly services: Readonly<Record<string, ServiceObjective>>;
}

/** Answers that may take longer than a p95 objective, in percent. */
export const SLOW_PERCENT = 5;

/** Guide 000's objectives by kind of work, in seconds; for `api` the limit of its canary and 003's average. */
export const P95_OF: Readonly<Record<Work, number>> = { api: 2, transcription: 2, analysis: 5 };

/** VoiceAssist's services that do more than answer. */
export const WORK_OF: Readonly<Record<string, Work>> = {
  "voice-service": "transcription",
  analytics: "analysis",
};

/** What applies where `sluice:slo` says nothing; guide 000's. */
export const SLO = { availability: 99.9, errorRate: 0.1, windowDays: 30 } as const satisfies Partial<Slo>;

/** A service's objective where configuration names none, or only its work. */
export const defaultObjective = (
  service: string,
  work: Work = WORK_OF[service] ?? "api",
): ServiceObjective => ({
  work,
  p95: P95_OF[work],
});

/** The objectives of services where configuration says nothing. */
export const defaultSlo = (services: readonly string[]): Slo => ({
  ...SLO,
  services: Object.fromEntries(services.map((service) => [service, defaultObjective(service)])),
});

/** Requests that may fail, in percent: of an api both objectives say it, and the stricter one holds. */
export const failedPercent = ({ availability, errorRate }: Slo): number =>
  // Decimal fractions: 100 - 99.9 is not 0.1.
  Math.min(Number((100 - availability).toFixed(6)), errorRate);

/** The services of a kind of work, in the stack's order. */
export const servicesBy = ({ services }: Slo, work: Work): string[] =>
  Object.keys(services).filter((service) => services[service]?.work === work);

/** The p95 objectives by service, in seconds. */
export const p95By = ({ services }: Slo): Record<string, number> =>
  Object.fromEntries(Object.entries(services).map(([service, { p95 }]) => [service, p95]));

/** The services' p95 objectives, each with its services, ascending. */
export const servicesByP95 = ({ services }: Slo): [seconds: number, services: string[]][] => {
  const seconds = [...new Set(Object.values(services).map(({ p95 }) => p95))].sort((a, b) => a - b);
  return seconds.map((p95) => [p95, Object.keys(services).filter((name) => services[name]?.p95 === p95)]);
};

/** Kinds of work that are measured by families of their own, beside requests. */
export const OWN_WORK = WORK.filter((work) => work !== "api");
