import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { providerKeysName } from "../../model/names";
import type { Providers } from "../../model/providers/providers";
import { usedBy } from "../../model/providers/tasks";
import { COLOURS, type Colour, type Release } from "../../model/release";
import { textSecret } from "../backends/secretStore";

export interface ProviderKeysArgs {
  release: Release;
  providers: Providers;
  /** The services' namespace. */
  namespace: pulumi.Input<string>;
  /** What reads the namespace's secrets. */
  store: k8s.apiextensions.CustomResource;
}

/**
 * The keys of providers, from Secrets Manager into the services' namespace: each colour has those of the providers that
 * its own settings name, so that a candidate brings nothing to the live colour, and takes nothing from it.
 *
 * Whether a key looks like one of its provider's is judged where it may be read, by the operator: a Secret with another
 * one never appears, and the colour's pods wait for it. Nobody else reads the keys.
 */
export class ProviderKeys extends pulumi.ComponentResource {
  /** What a colour's pods wait for. A colour that calls nobody has none. */
  readonly ready: Partial<Record<Colour, pulumi.Resource[]>> = {};

  constructor(name: string, args: ProviderKeysArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:providers:ProviderKeys", name, {}, opts);
    for (const colour of COLOURS) {
      const used = keysOf(args, colour);
      if (used.length === 0) continue;
      const secret = providerKeysName(colour);
      const keys = used.map(({ variable, secret: from, keyPattern }) => ({
        key: variable,
        from,
        template: orRefused(variable, keyPattern),
      }));
      const { namespace: home, store } = args;
      this.ready[colour] = [textSecret(secret, { secret, home, store, keys }, { parent: this })];
    }
    this.registerOutputs({});
  }
}

/** The providers that a colour calls; none where nothing runs. */
export const keysOf = (
  { release, providers }: Pick<ProviderKeysArgs, "release" | "providers">,
  colour: Colour,
) =>
  release[colour].version === undefined
    ? []
    : usedBy(release[colour], Object.keys(providers)).flatMap((name) => providers[name] ?? []);

/** The message has no part of the value. */
const orRefused = (variable: string, pattern: string): string =>
  `{{ if regexMatch \`${pattern}\` .${variable} }}{{ .${variable} }}` +
  `{{ else }}{{ fail "the secret does not hold a key of this provider, which looks like ${escaped(pattern)}" }}{{ end }}`;

const escaped = (pattern: string): string => pattern.replaceAll("\\", "\\\\");
