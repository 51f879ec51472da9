import { parseDocument } from "yaml";
import { type Config, merged } from "../../model/delivery/merge";
import { editConfiguration } from "../configuration";

/** A stack file as it was, as a release left it, and as others have pushed it. */
export interface Versions {
  readonly before?: string | undefined;
  readonly ours?: string | undefined;
  readonly theirs?: string | undefined;
}

/**
 * The file as others have pushed it, with what the release has changed.
 *
 * @throws Error where a text is no YAML
 */
export function mergedText({
  before = "",
  ours = "",
  theirs = "",
}: Versions): { readonly text: string } | { readonly conflicts: readonly string[] } {
  const [base, own, others] = [configIn(before), configIn(ours), configIn(theirs)];
  const found = merged(base, own, others);
  return "conflicts" in found ? found : { text: editConfiguration(theirs, found.edit) };
}

function configIn(text: string): Config {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw new Error(error.message);
  return (document.toJS() as { config?: Config } | null)?.config ?? {};
}
