import { parseDocument } from "yaml";
import type { FlagEdit } from "../../model/flags/action";
import type { ConfigurationEdit } from "../configuration";

/**
 * An edit of flags as a stack file has them: a plan that is a name alone becomes one with a hold.
 *
 * @param text the file's
 * @param edits by the flag's name
 */
export function flagsEdit(text: string, edits: Readonly<Record<string, FlagEdit>>): ConfigurationEdit {
  const document = parseDocument(text);
  const entries = Object.entries(edits).flatMap(([name, { enabled, percentage, hold }]) => {
    const key = `sluice:flags.${name}`;
    const plan: unknown = document.getIn(["config", "sluice:flags", name, "plan"]);
    const held: [string, unknown] =
      plan === undefined || typeof plan === "string"
        ? [`${key}.plan`, { ...(plan !== undefined && { name: plan }), hold }]
        : [`${key}.plan.hold`, hold];
    return [
      ...(enabled === undefined ? [] : [[`${key}.enabled`, enabled] as [string, unknown]]),
      ...(percentage === undefined ? [] : [[`${key}.rollout_percentage`, percentage] as [string, unknown]]),
      ...(hold === undefined ? [] : [held]),
    ];
  });
  return Object.fromEntries(entries);
}

/** For a journal: `sluice:flags.partial-results.rollout_percentage 10`. */
export const editText = (edit: ConfigurationEdit): string =>
  Object.entries(edit)
    .map(([key, value]) => `${key} ${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
