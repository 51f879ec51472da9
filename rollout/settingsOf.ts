import { type Settings, SettingsError } from "../model/settings";
import { settingsIn } from "./configuration";
import { UsageError } from "./failure";
import type { StackFile } from "./project";

/** The settings of a stack. @throws UsageError with every fault at once */
export function settingsOf({ path, text }: Pick<StackFile, "path" | "text">): Settings {
  try {
    return settingsIn(text);
  } catch (error) {
    if (error instanceof SettingsError) throw new UsageError(`${path}:\n${error.message}`);
    throw error;
  }
}
