import type { Scenario } from "../script";
import { emergencyRollback } from "./emergency-rollback";
import { release } from "./release";
import { unsafeEdits } from "./unsafe-edits";

/** What is rehearsed where nothing else is asked for. */
export const DEFAULT = "release";

/** Every scenario, by the name that the command line knows it by. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  [DEFAULT]: release,
  "emergency-rollback": emergencyRollback,
  "unsafe-edits": unsafeEdits,
};
