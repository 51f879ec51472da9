import assert from "node:assert/strict";
import { type Fault, type RawConfig, SettingsError, parseSettings } from "../../model/settings";
import { configuration } from "./fixtures";

/** Top-level keys of configuration to be replaced. */
export type Changes = Record<string, unknown>;

/** Configuration with some keys replaced; `release` is merged into the known-good one. */
export const changed = (changes: Changes): RawConfig => {
  const good = configuration();
  const release = "release" in changes ? changes["release"] : undefined;
  const merged = typeof release === "object" ? { ...good.release, ...release } : (release ?? good.release);
  return { ...good, ...changes, release: merged };
};

/** Every fault of some configuration; fails where anything but SettingsError is thrown. */
export function faultsOf(raw: unknown): readonly Fault[] {
  try {
    parseSettings(raw as RawConfig);
    return [];
  } catch (error) {
    assert.ok(error instanceof SettingsError, String(error));
    return error.faults;
  }
}

/** Where the faults of the known-good configuration with these changes are. */
export const pathsOf = (changes: Changes): string[] => faultsOf(changed(changes)).map(({ path }) => path);
