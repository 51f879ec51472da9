import type { Scenario } from "../script";
import { release } from "./release";
import { unsafeEdits } from "./unsafe-edits";

/** What is rehearsed where nothing else is asked for. */
export const DEFAULT = "release";

/** Every scenario, by the name that the command line knows it by. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  [DEFAULT]: release,
  "unsafe-edits": unsafeEdits,
};
