import type { ServiceStatus } from "../../model/status";

/** The live share, how many targets answer, and how many pods are ready. */
export function serviceText(seen: ServiceStatus | undefined): string {
  if (!seen) return "";
  const { share, targets, figures } = seen;
  const healthy = targets ? `${targets.healthy}/${targets.registered} healthy` : "targets unknown";
  const ready = figures?.ready === undefined ? "" : `, ${figures.ready} ready`;
  return `${share} %, ${healthy}${ready}`;
}

/** Whether users reach a service that nobody answers for. */
export const isDark = (seen: ServiceStatus | undefined): boolean =>
  seen?.targets?.healthy === 0 && seen.share > 0;

/** `0.31 % of 12.3k, 0.24 s`. */
export function figuresText(seen: ServiceStatus | undefined): string {
  const { requests, errorPercent, p95 } = seen?.figures ?? {};
  if (requests === undefined) return "unknown";
  if (requests === 0) return "no requests";
  const errors = errorPercent === undefined ? "unknown" : `${rounded(errorPercent)} %`;
  const slow = p95 === undefined ? "p95 unknown" : `${rounded(p95.seconds)} s`;
  return `${errors} of ${counted(requests)}, ${slow}`;
}

/** Two digits that count. */
const rounded = (value: number): string => String(Number(value.toPrecision(value < 100 ? 2 : 3)));

/** `9999`, `12.3k`, `4.5M`. */
function counted(count: number): string {
  if (count < 10_000) return String(Math.round(count));
  return count < 1_000_000 ? `${(count / 1_000).toFixed(1)}k` : `${(count / 1_000_000).toFixed(1)}M`;
}
