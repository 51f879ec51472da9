import { backendOf, signIn, type Backend } from "../data/sign-in";
import type { World } from "../world";
import type { PodSecrets } from "./pod-secrets";

/** What a pod found of its backends: why each refuses it, and undefined for one that accepts it. */
export type Findings = ReadonlyMap<Backend, string | undefined>;

/**
 * Signs in with what a pod holds, as an application does that reads its credentials at each new connection:
 * those of its mounted files, and where they have none, those of the environment that it was started with. A pod
 * without credentials has nothing to sign in to.
 */
export function signInAll(world: World, secrets: PodSecrets): Findings {
  const files = byBackend(secrets.files());
  const variables = byBackend(secrets.variables());
  const backends = new Set([...files.keys(), ...variables.keys()]);
  return new Map(
    [...backends].map((backend) => {
      const urls = files.get(backend) ?? variables.get(backend)!;
      return [backend, urls.map((url) => signIn(world, url)).find((refusal) => refusal !== undefined)];
    }),
  );
}

/** The first refusal among them. */
export const refusalIn = (findings: Findings): string | undefined =>
  [...findings.values()].find((refusal) => refusal !== undefined);

function byBackend(texts: readonly string[]): Map<Backend, string[]> {
  const found = new Map<Backend, string[]>();
  for (const text of new Set(texts)) {
    const backend = backendOf(text);
    if (backend) found.set(backend, [...(found.get(backend) ?? []), text]);
  }
  return found;
}
