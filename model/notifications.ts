import type { EventKind } from "./rolloutEvent";

/** Who is told of a release, under `sluice:notifications`. */
export interface Notifications {
  /** Name of the SSM parameter, a SecureString, that holds the URL of Slack's incoming webhook. Absent: not told. */
  readonly slack?: string;
  /** ARN of the SNS topic. Absent: not told. */
  readonly sns?: string;
  /** What they are told of. Absent: of everything. */
  readonly on?: readonly EventKind[];
}
