import { PARTIAL_RESULTS, PARTIAL_RESULTS_NAMESPACE } from "../families";
import type { AwsMetric } from "./alarm";
import type { Dashboard, Panel } from "./dashboard";

const result = ({ name }: { readonly name: string }, statistic: string): AwsMetric => ({
  namespace: PARTIAL_RESULTS_NAMESPACE,
  metric: name,
  dimensions: {},
  statistic,
});

const ofLambda = (lambda: string, metric: string, statistic: string): AwsMetric => ({
  namespace: "AWS/Lambda",
  metric,
  dimensions: { FunctionName: lambda },
  statistic,
});

/**
 * What one looks at while a flag with partial results goes up, and where its trouble comes from.
 *
 * @param lambda name of the function that the application processes audio by
 */
export const flagDashboard = (flag: string, lambda: string): Dashboard => ({
  name: `flag-${flag}`,
  panels: [...results(), ...causes(lambda)],
});

const results = (): Panel[] => [
  {
    title: "Time to process",
    description: "from what was said to its partial result; 95 in 100 come within 5 s",
    unit: "ms",
    limit: { value: 5_000, label: "p95 takes the flag back" },
    curves: ["p95", "p50"].map((statistic) => ({
      label: statistic,
      metric: result(PARTIAL_RESULTS.latency, statistic),
    })),
  },
  {
    title: "Dropped",
    description: "partial results that were thrown away: the buffer was full, or they were unstable",
    unit: "a minute",
    limit: { value: 100, label: "takes the flag back" },
    curves: [{ label: "dropped", metric: result(PARTIAL_RESULTS.dropped, "Sum") }],
  },
  {
    title: "Orphaned",
    description: "results of a session without their end, of the session with the most",
    unit: "a session",
    limit: { value: 10, label: "takes the flag back" },
    curves: [{ label: "orphaned", metric: result(PARTIAL_RESULTS.orphaned, "Maximum") }],
  },
  {
    title: "Fallbacks",
    description:
      "sessions that went on with final results alone, since Transcribe gave no others; one is too many",
    unit: "a minute",
    curves: [{ label: "fallbacks", metric: result(PARTIAL_RESULTS.fallback, "Sum") }],
  },
];

const causes = (lambda: string): Panel[] => [
  {
    title: "Errors of the function",
    description: `of ${lambda}, as a share of its calls; less than 1 % is good`,
    unit: "%",
    limit: { value: 1, label: "objective" },
    curves: [
      { label: "errors", id: "errors", hidden: true, metric: ofLambda(lambda, "Errors", "Sum") },
      { label: "calls", id: "calls", hidden: true, metric: ofLambda(lambda, "Invocations", "Sum") },
      { label: "share", expression: "IF(calls > 0, 100 * FILL(errors, 0) / calls)" },
    ],
  },
  {
    title: "Time of the function",
    description: "that 95 in 100 calls do not exceed, and the longest: near its time limit it is cut off",
    unit: "ms",
    curves: [
      { label: "p95", metric: ofLambda(lambda, "Duration", "p95") },
      { label: "longest", metric: ofLambda(lambda, "Duration", "Maximum") },
    ],
  },
  {
    title: "Memory of the function",
    description: "the most that a call used, as Lambda Insights sees it; near 100 % it is ended",
    unit: "%",
    limit: { value: 90, label: "near its limit" },
    curves: [
      {
        label: "memory",
        metric: {
          ...{ namespace: "LambdaInsights", metric: "memory_utilization", statistic: "Maximum" },
          dimensions: { function_name: lambda },
        },
      },
    ],
  },
  {
    title: "Throttled",
    description: "calls that were turned away: the account's or the function's concurrency is used up",
    unit: "a minute",
    curves: [{ label: "throttled", metric: ofLambda(lambda, "Throttles", "Sum") }],
  },
  {
    title: "Transcribe",
    description: "requests to Amazon Transcribe that failed or were throttled",
    unit: "a minute",
    curves: ["TotalRequestCount", "ThrottledCount", "ServerErrorCount"].map((metric) => ({
      label: metric,
      metric: { namespace: "AWS/Transcribe", metric, dimensions: {}, statistic: "Sum" },
    })),
  },
];
