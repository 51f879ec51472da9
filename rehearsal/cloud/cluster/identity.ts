import { labelsOf, listOf, objectOf, stringOf } from "./objects";
import type { Values } from "../providers/behaviour";

/** Who answers: what a workload says of itself. */
export interface Identity {
  readonly service: string;
  /** Empty where the pod belongs to no colour. */
  readonly colour: string;
  /** Empty where neither label, variable nor image tag tells it. */
  readonly version: string;
  readonly pod: string;
}

/**
 * Reads a pod template as its containers would: first the labels (a key that is, or ends in `/`, the
 * word), then environment variables, and for the version the tag of the first image.
 */
export function identify(pod: string, template: Values): Identity {
  const labels = labelsOf(objectOf(template.metadata).labels);
  const container = objectOf(listOf(objectOf(template.spec).containers)[0]);
  const variables = variablesOf(template);
  const read = (words: readonly string[]): string | undefined => {
    for (const word of words) {
      const [, label] =
        Object.entries(labels).find(([key]) => key === word || key.endsWith(`/${word}`)) ?? [];
      const found =
        label ?? variables.get(word.toUpperCase()) ?? variables.get(`SERVICE_${word.toUpperCase()}`);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return {
    service: read(["service", "component", "name", "app"]) ?? stringOf(container.name) ?? pod,
    colour: read(["colour", "color"]) ?? "",
    version: read(["version"]) ?? tagOf(stringOf(container.image) ?? "") ?? "",
    pod,
  };
}

/** Environment variables of a template's first container that have a value of their own. */
export const variablesOf = (template: Values): ReadonlyMap<string, string> =>
  new Map(
    listOf(objectOf(listOf(objectOf(template.spec).containers)[0]).env).flatMap((one) => {
      const [name, value] = [stringOf(objectOf(one).name), stringOf(objectOf(one).value)];
      return name === undefined || value === undefined ? [] : [[name, value]];
    }),
  );

/** The tag of an image reference; a digest is no version. */
const tagOf = (image: string): string | undefined =>
  /:([\w][\w.-]*)(?:@.*)?$/.exec(image.split("/").pop()!)?.[1];
