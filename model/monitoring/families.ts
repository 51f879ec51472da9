/** What a family of series is, as Prometheus' text format calls it. */
export type FamilyType = "counter" | "histogram";

/** What a family's values count. */
export type FamilyUnit = "requests" | "seconds" | "USD" | "tokens" | "fallbacks";

/** A family of series that an application exports at each of its pods. */
export interface Family {
  /** A histogram's series are this name with `_bucket`, `_sum` and `_count`. */
  readonly name: string;
  readonly type: FamilyType;
  /** Labels of its own, without those that the scrape adds and without a histogram's `le`. */
  readonly labels: readonly string[];
  readonly unit: FamilyUnit;
  /** One sentence, as the text format's HELP has it. */
  readonly help: string;
  /** Where the name comes from: labels of the guides in docs/seeds.md. */
  readonly source: string;
}

/**
 * Upper bounds of every histogram's buckets, in seconds: the defaults of Prometheus' clients and 2 s, since only a
 * bound can be an objective. `sluice:slo` takes no other seconds.
 */
export const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 2.5, 5, 10] as const;

/** What became of a request to a provider, or of a job, in the label `status`. All but `success` failed. */
export const STATUSES = ["success", "error", "rate_limited"] as const;
/** `rate_limited`: the provider answered 429. It is an error with a name, since what helps is another. */
export type Status = (typeof STATUSES)[number];

/** Labels that the scrape adds to each series of a pod: the pod's own, and its namespace. */
export const SCRAPED = ["namespace", "app", "colour", "version"] as const;

/**
 * Every family that applications export. Workloads export these, rules, dashboards and the analysis ask for these.
 *
 * Where a guide names a quantile or a rate of one pod, the family is what it is computed from: neither quantiles nor
 * rates of pods can be added up. `transcription_success_rate` and `analysis_success_rate` are recorded from the
 * requests (`recording.ts`).
 */
export const FAMILIES = {
  requests: {
    name: "http_requests_total",
    type: "counter",
    labels: ["code"],
    unit: "requests",
    help: "Requests answered, by status code.",
    source: "001",
  },
  duration: {
    name: "http_request_duration_seconds",
    type: "histogram",
    labels: [],
    unit: "seconds",
    help: "Time from a request's arrival to its answer.",
    source: "001",
  },
  providerRequests: {
    name: "provider_request_count",
    type: "counter",
    labels: ["provider", "status"],
    unit: "requests",
    help: "Requests to a provider of models, by what became of them.",
    source: "000",
  },
  providerLatency: {
    name: "provider_latency_seconds",
    type: "histogram",
    labels: ["provider"],
    unit: "seconds",
    help: "Time until a provider has answered.",
    source: "000, there as the quantile 0.95",
  },
  providerFallbacks: {
    name: "provider_fallback_count",
    type: "counter",
    labels: ["from", "to"],
    unit: "fallbacks",
    help: "Requests that went to another provider than the one they were meant for.",
    source: "000",
  },
  transcriptions: {
    name: "transcription_requests_total",
    type: "counter",
    labels: ["status"],
    unit: "requests",
    help: "Transcriptions asked for, by what became of them.",
    source: "000",
  },
  transcriptionLatency: {
    name: "transcription_latency_seconds",
    type: "histogram",
    labels: [],
    unit: "seconds",
    help: "Time until a transcription is there.",
    source: "000",
  },
  analyses: {
    name: "analysis_requests_total",
    type: "counter",
    labels: ["status"],
    unit: "requests",
    help: "Analyses asked for, by what became of them.",
    source: "000",
  },
  analysisLatency: {
    name: "analysis_latency_seconds",
    type: "histogram",
    labels: [],
    unit: "seconds",
    help: "Time until an analysis is there.",
    source: "000",
  },
  cost: {
    name: "api_cost_dollars",
    type: "counter",
    labels: ["provider"],
    unit: "USD",
    help: "What a provider's answers have cost, by its list prices.",
    source: "000",
  },
  tokens: {
    name: "tokens_used_total",
    type: "counter",
    labels: ["provider"],
    unit: "tokens",
    help: "Tokens that a provider has billed.",
    source: "000",
  },
} as const satisfies Readonly<Record<string, Family>>;

export type FamilyName = keyof typeof FAMILIES;

/** What a service does for its users, which says what it is measured by. */
export const WORK = ["api", "transcription", "analysis"] as const;
export type Work = (typeof WORK)[number];

/** The families by which a kind of work is measured: what was asked for, how it is told what failed, and how long it took. */
export interface WorkFamilies {
  readonly requests: FamilyName;
  /** Labels of a failed one, as a PromQL matcher. */
  readonly failed: string;
  readonly latency: FamilyName;
}

/** By kind of work. */
export const MEASURED_BY: Readonly<Record<Work, WorkFamilies>> = {
  api: { requests: "requests", failed: 'code=~"5.."', latency: "duration" },
  transcription: {
    requests: "transcriptions",
    failed: 'status!="success"',
    latency: "transcriptionLatency",
  },
  analysis: { requests: "analyses", failed: 'status!="success"', latency: "analysisLatency" },
};

/** A metric that the transcription function publishes to CloudWatch. */
export interface CloudWatchMetric {
  readonly name: string;
  /** CloudWatch's own word. */
  readonly unit: "Milliseconds" | "Count";
  readonly help: string;
}

/** Namespace in CloudWatch of `PARTIAL_RESULTS`; from guide 004. */
export const PARTIAL_RESULTS_NAMESPACE = "AudioTranscription/PartialResults";

/** What guide 004 watches of its flag. The application publishes them to CloudWatch, not to Prometheus. */
export const PARTIAL_RESULTS = {
  latency: {
    name: "PartialResultProcessingLatency",
    unit: "Milliseconds",
    help: "Time from the end of what was said to its partial result.",
  },
  dropped: { name: "PartialResultsDropped", unit: "Count", help: "Partial results that were let go." },
  orphaned: {
    name: "OrphanedResultsFlushed",
    unit: "Count",
    help: "Results of one session that were flushed without their end.",
  },
  fallback: {
    name: "TranscribeFallbackTriggered",
    unit: "Count",
    help: "Sessions that fell back to final results alone.",
  },
} as const satisfies Readonly<Record<string, CloudWatchMetric>>;
