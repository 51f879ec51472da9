import { COLOURS } from "../../release";

/** A query of CloudWatch Logs Insights that people find ready in the console. */
export interface SavedQuery {
  /** Below the stack's folder. */
  readonly name: string;
  readonly query: string;
}

/** Where Fluent Bit puts what a pod's line says, when that is JSON. */
const LINE = "log_processed";

const query = (...lines: readonly string[]): string => lines.join("\n| ");

/**
 * Queries over the log of all pods. Each record has the pod's name, which begins with service and colour, and the
 * line itself: `log`, and where it is JSON its fields below `log_processed`.
 *
 * @param namespace of the services
 */
export const podQueries = (namespace: string): SavedQuery[] => {
  const ours = `filter kubernetes.namespace_name = "${namespace}"`;
  return [
    {
      name: "errors of the last hour",
      query: query(
        `fields @timestamp, kubernetes.pod_name, ${LINE}.error_code, log`,
        ours,
        `filter ${LINE}.level = "ERROR" or ${LINE}.level = "error"`,
        "sort @timestamp desc",
        "limit 100",
      ),
    },
    {
      name: "errors by service and colour",
      query: query(
        "fields @timestamp, kubernetes.pod_name",
        ours,
        `filter ${LINE}.level = "ERROR" or ${LINE}.level = "error"`,
        "parse kubernetes.pod_name /^(?<service>.+)-(?<colour>blue|green)-[a-z0-9]+-[a-z0-9]{5}$/",
        "stats count() as errors by service, colour, bin(5m)",
      ),
    },
    ...COLOURS.map((colour) => ({
      name: `log of ${colour}`,
      query: query(
        "fields @timestamp, kubernetes.pod_name, log",
        ours,
        `filter kubernetes.pod_name like /-${colour}-[a-z0-9]+-[a-z0-9]{5}$/`,
        "sort @timestamp desc",
        "limit 200",
      ),
    })),
    {
      name: "last lines of pods that restarted",
      query: query(
        "fields @timestamp, kubernetes.pod_name, kubernetes.container_name, log",
        ours,
        "filter log like /(?i)(panic|fatal|out of memory|traceback|unhandled)/",
        "sort @timestamp desc",
        "limit 100",
      ),
    },
  ];
};

/**
 * Queries over the log of the function that a percentage flag switches, which writes JSON: the fields of the
 * audio transcription's guide.
 */
export const flagQueries: readonly SavedQuery[] = [
  {
    name: "errors of the last hour",
    query: query(
      "fields @timestamp, @message, level, error_code",
      'filter level = "ERROR"',
      "sort @timestamp desc",
      "limit 100",
    ),
  },
  {
    name: "partial results by action",
    query: query(
      "fields @timestamp, event, action, stability_score, session_id",
      'filter event = "partial_result"',
      "stats count() by action",
    ),
  },
  {
    name: "time to process by session",
    query: query(
      "fields @timestamp, session_id, processing_latency_ms",
      "stats avg(processing_latency_ms), max(processing_latency_ms), pct(processing_latency_ms, 99) by session_id",
    ),
  },
  {
    name: "one session in order",
    query: query("fields @timestamp, @message", 'filter session_id = "SESSION"', "sort @timestamp asc"),
  },
  {
    name: "share of sessions that have it",
    query: query(
      "fields @timestamp, session_id, enabled",
      "filter @message like /(?i)rollout check/",
      "stats 100 * sum(enabled) / count() as percent, count_distinct(session_id) as sessions by bin(1h)",
    ),
  },
  {
    name: "what stands behind errors",
    query: query(
      "fields @timestamp, session_id, @message",
      "filter @message like /(?i)(traceback|throttl|ProvisionedThroughputExceeded|transcribe.*(error|exception))/",
      "sort @timestamp desc",
      "limit 100",
    ),
  },
];
