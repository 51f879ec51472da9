import { createRequire } from "node:module";
import { hostname, userInfo } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { nowIso } from "../../cloud/clock";
import type * as WhoIs from "../../cloud/identity";
import { Parameters } from "../../cloud/parameters";
import { WeightedRules } from "../../cloud/weightedRules";
import { ATTEMPTS } from "../../cloud/client";
import type { Fence } from "../../model/guard";
import { fenceParameter } from "../../model/names";
import type { Move } from "../../model/rollback";
import { COLOURS, type Shares } from "../../model/release";
import { reasonOf } from "../failure";
import type { Subject } from "../subject";
import type { Journal } from "./journal";

const load = createRequire(__filename);

/** How long traffic waits for who it is, and for the fence, in milliseconds: a service that hangs is not waited for. */
const PATIENCE = 2_000;

/** Who calls, by AWS's word; by this machine's where AWS does not answer in time. */
export async function callerOf(region: string): Promise<string> {
  // Read while the answers about the rules are on their way.
  const { Identity } = load("../../cloud/identity") as typeof WhoIs;
  const local = unconfirmed();
  return within(
    new Identity(region).caller().catch(() => local),
    local,
  );
}

/** Who calls, by this machine's word. */
export const unconfirmed = (): string => `${localUser()}@${hostname()} (not confirmed by STS)`;

/** A container's user may have no name. */
function localUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
}

/** The longest reason that a fence gets, in characters: a parameter's value has 4,096 in all. */
const LONGEST_REASON = 1_000;

/**
 * Fences a version off. It never throws and takes two seconds at most: users wait for what comes after it.
 *
 * @returns the end of it, with whether the fence stands
 */
export async function putFence(
  subject: Subject,
  fence: Omit<Fence, "at">,
  journal: Journal,
): Promise<{ ended: Promise<boolean> }> {
  const { app, environment, region } = subject;
  const reason = fence.reason.slice(0, LONGEST_REASON);
  const value: Fence = { ...fence, reason, at: nowIso() };
  const ended = new Parameters(region, ATTEMPTS.insisting)
    .put(fenceParameter(app, environment), JSON.stringify(value))
    .then(
      () => {
        journal.did("fence", `fenced ${fence.version}: no update raises its share`);
        return true;
      },
      (error: unknown) => {
        journal.tell(`NOT fenced: ${reasonOf(error)}`);
        return false;
      },
    );
  const late = await within(
    ended.then(() => false),
    true,
  );
  if (late) journal.tell("the fence takes long; traffic does not wait for it");
  return { ended };
}

/** Moves all rules at once. @returns the services whose rule could not be moved, with the reason */
export async function moveTraffic(
  { region }: Subject,
  moves: readonly Move[],
  journal: Journal,
): Promise<Record<string, string>> {
  const rules = new WeightedRules(region);
  const failed: Record<string, string> = {};
  await Promise.all(
    moves.map(async ({ rule, shares }) => {
      try {
        await rules.share(rule, shares);
        const [before, after] = [sharesText(rule.shares), sharesText(shares)];
        journal.did("move", `${rule.service}: ${before} → ${after}, stickiness off`);
      } catch (error) {
        failed[rule.service] = reasonOf(error);
        journal.tell(`${rule.service}: NOT moved: ${failed[rule.service] ?? ""}`);
      }
    }),
  );
  return failed;
}

/** `blue 90, green 10`. */
export const sharesText = (shares: Shares): string =>
  COLOURS.map((colour) => `${colour} ${shares[colour]}`).join(", ");

const within = <Value>(promise: Promise<Value>, otherwise: Value): Promise<Value> => {
  const stop = new AbortController();
  const late = pause(PATIENCE, otherwise, { signal: stop.signal, ref: false });
  return Promise.race([promise, late]).finally(() => stop.abort());
};
