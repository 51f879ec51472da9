import type { Seen } from "../model/rollout/seen";
import { reasonOf } from "./failure";

/** What a look gives, or why it gives nothing. */
export async function seen<Value>(looking: Promise<Value>): Promise<Seen<Value>> {
  try {
    return { value: await looking };
  } catch (error) {
    return { unseen: reasonOf(error) };
  }
}
