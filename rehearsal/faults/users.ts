import { setTimeout as pause } from "node:timers/promises";
import { callControl } from "../cloud/control";
import type { Users } from "../cloud/endpoint/local";
import type { Traffic } from "../traffic/traffic";

/** Milliseconds between two looks whether users stay away. */
const EVERY = 200;

/**
 * Makes traffic heed what the local cloud was told of users, until the signal aborts: without anybody away it goes on.
 *
 * @param endpoint the cloud's URL
 */
export async function heedUsers(
  endpoint: string,
  traffic: Pick<Traffic, "quiesce" | "resume">,
  signal: AbortSignal,
): Promise<void> {
  let wereAway = false;
  while (!signal.aborted) {
    const { away } = (await callControl(endpoint, { method: "GET", path: "users" }).catch(() => ({
      away: wereAway,
    }))) as Users;
    if (away && !wereAway) void traffic.quiesce();
    if (!away && wereAway) traffic.resume();
    wereAway = away;
    await pause(EVERY, undefined, { signal }).catch(() => undefined);
  }
}
