import { type Node, isNode, parseDocument } from "yaml";
import type { Release } from "../model/release";
import { type Settings, parseSettings } from "../model/settings";

/** Prefix of our keys in a stack file. */
const NAMESPACE = "sluice:";

/** A change of the release as configuration has it; what is not named stays as it is. */
export type ReleaseEdit = Partial<Release>;

/**
 * A stack file's text with the release changed, its comments and order kept.
 *
 * @param text the content of `Pulumi.<stack>.yaml`
 * @throws Error where the text is no YAML, or has no `sluice:release`
 */
export function editRelease(text: string, edit: ReleaseEdit): string {
  const document = parseDocument(text);
  if (document.errors.length > 0) throw new Error(document.errors.map((error) => error.message).join("\n"));
  const release = ["config", "sluice:release"];
  if (!document.hasIn(release)) throw new Error("the stack file has no sluice:release under config");
  for (const [key, value] of Object.entries(edit)) {
    const node: Node = document.createNode(value, { flow: true });
    const before: unknown = document.getIn([...release, key], true);
    // The remark behind a value is about the key, so it outlives the value.
    if (isNode(before)) node.comment = before.comment ?? null;
    document.setIn([...release, key], node);
  }
  return document.toString({ lineWidth: 0 });
}

/**
 * The settings that a stack file describes.
 *
 * @throws SettingsError with every fault at once
 */
export function settingsIn(text: string): Settings {
  const { config } = (parseDocument(text).toJS() ?? {}) as { config?: Record<string, unknown> };
  const ours = Object.entries(config ?? {}).filter(([key]) => key.startsWith(NAMESPACE));
  return parseSettings(Object.fromEntries(ours.map(([key, value]) => [key.slice(NAMESPACE.length), value])));
}
