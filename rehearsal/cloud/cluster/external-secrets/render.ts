import { fieldsOf } from "../../data/credentials";
import type { Held, World } from "../../world";
import { labelsOf, listOf, objectOf } from "../objects";
import { storeOf, type Store } from "./store";
import { render } from "./template";

/**
 * What an ExternalSecret's Secret is to hold, by key.
 *
 * @throws Error with what cannot be read or rendered
 */
export function contentOf(world: World, held: Held): Record<string, string> {
  const store = storeOf(world, held);
  const { data, dataFrom, target } = objectOf(held.properties.spec);
  const fetched: Record<string, string> = {};
  listOf(dataFrom).forEach((source, index) => {
    const { extract } = objectOf(source);
    if (extract === undefined)
      throw new Error(`spec.dataFrom[${index}]: the local cluster serves extract only`);
    const text = attempt(`spec.dataFrom[${index}].extract`, objectOf(extract), store);
    for (const [key, value] of Object.entries(fieldsOf(text))) {
      fetched[key] = typeof value === "string" ? value : JSON.stringify(value);
    }
  });
  listOf(data).forEach((entry, index) => {
    const { secretKey, remoteRef } = objectOf(entry);
    fetched[String(secretKey)] = attempt(`spec.data[${index}]`, objectOf(remoteRef), store);
  });
  return rendered(objectOf(objectOf(target).template), fetched);
}

function attempt(where: string, remote: Readonly<Record<string, unknown>>, store: Store): string {
  try {
    return store.read(remote);
  } catch (error) {
    throw new Error(
      `error processing ${where} (key: ${String(remote.key)}), err: ${(error as Error).message}`,
    );
  }
}

function rendered(
  template: Readonly<Record<string, unknown>>,
  fetched: Record<string, string>,
): Record<string, string> {
  if (template.templateFrom !== undefined) {
    throw new Error("spec.target.template.templateFrom: the local cluster serves template.data only");
  }
  const templates = Object.entries(labelsOf(template.data));
  if (templates.length === 0) return fetched;
  const made = templates.map(([key, text]): [string, string] => {
    try {
      return [key, render(text, fetched)];
    } catch (error) {
      throw new Error(
        `could not apply template: unable to execute template at key ${key}: ${(error as Error).message}`,
      );
    }
  });
  return { ...(template.mergePolicy === "Merge" && fetched), ...Object.fromEntries(made) };
}
