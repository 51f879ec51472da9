import { createHash } from "node:crypto";

/** A percentage has as many steps as there are buckets, so that each point is one hundredth of all sessions. */
const BUCKETS = 100n;

/** Bytes of the digest that are read. */
const HEAD = 8;

/**
 * The bucket of a session, 0–99: the first 8 bytes of SHA-256 over its id in UTF-8, read as an unsigned big-endian
 * integer, modulo 100. It is the same in every process, language and year; `vectors.json` has examples.
 */
export function bucketOf(sessionId: string): number {
  const head = createHash("sha256").update(sessionId, "utf8").digest().subarray(0, HEAD);
  return Number(head.readBigUInt64BE() % BUCKETS);
}

/**
 * Whether a session is among so many percent of all. Who is in at one percentage is in at every greater one.
 *
 * @param percentage 0–100
 */
export const isAmong = (sessionId: string, percentage: number): boolean => bucketOf(sessionId) < percentage;
