import type { CheckRequest, Values } from "../providers/behaviour";
import { AUTONAMED, isTrue } from "./diff";
import type { Kind } from "./kinds";
import { objectOf, stringOf } from "./objects";

/** A name as Pulumi makes it up: the logical name and eight hexadecimal digits of the seed. */
export const madeUp = (name: string, seed: Uint8Array): string =>
  `${name}-${Buffer.from(seed).toString("hex").padEnd(8, "0").slice(0, 8)}`;

/**
 * The inputs with a name and a namespace: a name made up before is kept, a namespace that is not given is
 * the provider's, or `default`.
 */
export function named(kind: Kind, request: CheckRequest): Values {
  const { news, olds, provider } = request;
  if (typeof news.metadata === "symbol") return news;
  const metadata = { ...objectOf(news.metadata) };
  const before = objectOf(olds?.metadata);
  if (metadata.name === undefined && metadata.generateName === undefined) {
    const kept = isTrue(objectOf(before.annotations)[AUTONAMED]) ? before.name : undefined;
    metadata.name = kept ?? madeUp(request.name, request.randomSeed);
    metadata.annotations = { ...objectOf(metadata.annotations), [AUTONAMED]: "true" };
  }
  if (kind.namespaced && metadata.namespace === undefined) {
    metadata.namespace = stringOf(provider.namespace) ?? "default";
  }
  return { ...news, metadata };
}
