import { type Document, type Node, isNode, parseDocument, visit } from "yaml";
import type { Release } from "../model/release";
import { type Settings, parseSettings } from "../model/settings";
import { quoteTime, spliced } from "./splice";

/** Prefix of our keys in a stack file. */
const NAMESPACE = "sluice:";

/** A change of the release as configuration has it; what is not named stays as it is. */
export type ReleaseEdit = Partial<Release>;

/**
 * New values by their path in configuration, such as `sluice:limits.freezes`; a map or list takes the place of
 * the one that was there.
 */
export type ConfigurationEdit = Readonly<Record<`sluice:${string}`, unknown>>;

/**
 * A stack file's text with the release changed, its comments and order kept.
 *
 * @param text the content of `Pulumi.<stack>.yaml`
 * @throws Error where the text is no YAML, or has no `sluice:release`
 */
export function editRelease(text: string, edit: ReleaseEdit): string {
  if (!readable(text).hasIn(["config", `${NAMESPACE}release`])) {
    throw new Error("the stack file has no sluice:release under config");
  }
  const byPath = Object.entries(edit).map(([key, value]) => [`${NAMESPACE}release.${key}`, value]);
  return editConfiguration(text, Object.fromEntries(byPath) as ConfigurationEdit);
}

/**
 * A stack file's text with values of its configuration changed, and all else as it was, where that can be: a map on
 * lines of its own gives way to one line, and then the file is printed anew, its comments and order kept.
 *
 * @param text the content of `Pulumi.<stack>.yaml`
 * @throws Error where the text is no YAML
 */
export function editConfiguration(text: string, edit: ConfigurationEdit): string {
  readable(text);
  return Object.entries(edit).reduce((edited, [path, value]) => {
    const keys = ["config", ...path.split(".")];
    return spliced(edited, keys, value) ?? printed(readable(edited), keys, value);
  }, text);
}

function printed(document: Document, keys: readonly string[], value: unknown): string {
  const node: Node = document.createNode(value, { flow: true });
  visit(node, { Scalar: (_, scalar) => quoteTime(scalar) });
  const before: unknown = document.getIn(keys, true);
  // The remark behind a value is about the key, so it outlives the value.
  if (isNode(before)) node.comment = before.comment ?? null;
  document.setIn(keys, node);
  return document.toString({ lineWidth: 0 });
}

function readable(text: string): Document.Parsed {
  const document = parseDocument(text);
  if (document.errors.length > 0) throw new Error(document.errors.map((error) => error.message).join("\n"));
  return document;
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
