import * as pulumi from "@pulumi/pulumi";
import { type Settings, parseSettings } from "../model/settings";

/**
 * Reads every `sluice:*` key of the stack's configuration, known or not, so that a misspelt one is a
 * fault and not silence.
 *
 * @throws SettingsError with every fault at once
 */
export function readSettings(): Settings {
  const prefix = `${pulumi.getProject()}:`;
  const raw: Record<string, unknown> = {};
  for (const [key, text] of Object.entries(pulumi.runtime.allConfig())) {
    if (!key.startsWith(prefix)) continue;
    raw[key.slice(prefix.length)] = parsed(text);
  }
  const secrets = secretKeys();
  const secret = Object.keys(raw).filter((key) => secrets.includes(prefix + key));
  return parseSettings(raw, secret);
}

/** Keys whose value is a secret, or has one inside, as the engine tells programs. */
const secretKeys = () => JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]") as string[];

/** Objects and lists reach a program as JSON; everything else as the text that it is. */
function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text === "" ? undefined : text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
