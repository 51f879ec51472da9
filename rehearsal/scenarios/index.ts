import type { Scenario } from "../script";
import { badAt25 } from "./bad-at-25";
import { blueGreen } from "./blue-green";
import { canary } from "./canary";
import { emergencyRollback } from "./emergency-rollback";
import { faults } from "./faults";
import { percentageFlag } from "./percentage-flag";
import { providerMigration, speechMigration } from "./provider-migration";
import { release } from "./release";
import { rolling } from "./rolling";
import { unsafeEdits } from "./unsafe-edits";

/** What is rehearsed where nothing else is asked for. */
export const DEFAULT = "release";

/** Every scenario, by the name that the command line knows it by. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  [DEFAULT]: release,
  canary,
  "bad-at-25": badAt25,
  "blue-green": blueGreen,
  rolling,
  "provider-migration": providerMigration,
  "speech-migration": speechMigration,
  "percentage-flag": percentageFlag,
  "emergency-rollback": emergencyRollback,
  "unsafe-edits": unsafeEdits,
  faults,
};
