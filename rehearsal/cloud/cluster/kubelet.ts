import type { Chance } from "../../chance";
import type { World } from "../world";
import { signInAll, type Findings } from "./backends";
import type { PodInit } from "./pod";
import { PodSecrets } from "./pod-secrets";
import type { SecretHistory } from "./secret-history";
import { secretReferences } from "./secret-references";

/** What a pod gets from where it runs. */
export interface Kubelet {
  /** The Secrets that the pod's template names. */
  secretsOf(init: PodInit): PodSecrets;
  /** Signs in to the pod's backends with them. */
  signIn(secrets: PodSecrets): Findings;
  /** Decides which of the pod's requests fail, where some do. */
  readonly chance: Chance;
}

export const kubelet = (world: World, history: SecretHistory, chance: Chance): Kubelet => ({
  chance,
  secretsOf: ({ template, namespace }) => new PodSecrets(secretReferences(template), namespace, history),
  signIn: (secrets) => signInAll(world, secrets),
});
