import { ATTEMPTS } from "../../cloud/client";
import { Parameters } from "../../cloud/parameters";
import type { Seen } from "../../model/rollout/seen";
import {
  type Round,
  type ValidationLog,
  formatLog,
  logAnew,
  validationLogParameter,
  withRound,
} from "../../model/validationLog";
import { reasonOf } from "../failure";
import type { Subject } from "../subject";

/** What validation has sent to a stack, by anybody; empty where it never has, or cannot be read. It never throws. */
export async function validationLogOf({ app, environment, region }: Subject): Promise<Seen<ValidationLog>> {
  try {
    const text = await new Parameters(region).get(validationLogParameter(app, environment));
    return { value: logAnew(text) };
  } catch (error) {
    return { unseen: `what validation sent could not be observed: ${reasonOf(error)}` };
  }
}

/**
 * Keeps what was, or is about to be, sent. A log that cannot be read is begun anew: what it had is lost already.
 *
 * @throws the SDK's error where the caller may not look or write
 */
export async function keepRound({ app, environment, region }: Subject, round: Round): Promise<void> {
  const parameters = new Parameters(region, ATTEMPTS.insisting);
  const name = validationLogParameter(app, environment);
  const text = await parameters.get(name);
  await parameters.put(name, formatLog(withRound(logAnew(text), round)));
}
