import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { providerKeysName } from "../../model/names";
import { cachePrefix, clearings, clearsCaches } from "../../model/providers/caches";
import type { Providers } from "../../model/providers/providers";
import { COLOURS, type Colour } from "../../model/release";
import type { Transition } from "../../model/transition";
import type { StackContext } from "../service/blueGreenService";
import { CacheClearing } from "./cacheClearing";
import { ProviderKeys, keysOf } from "./providerKeys";

export interface ProviderCallsArgs {
  app: string;
  namespace: pulumi.Input<string>;
  vpcCidr: pulumi.Input<string>;
  store: k8s.apiextensions.CustomResource;
  providers: Providers;
  transition: Transition;
  /** The cache's credentials, and what lets its Jobs out. */
  ready: pulumi.Resource[];
}

/** What colours need to call providers: keys, what their pods are told, and an end of what they have cached. */
export interface ProviderCalls {
  /** What a colour's pods wait for. */
  readonly ready: Partial<Record<Colour, pulumi.Resource[]>>;
  readonly calls: NonNullable<StackContext["calls"]>;
}

/** A stack that declares no provider has nothing of it. */
export function providerCalls(
  name: string,
  args: ProviderCallsArgs,
  opts: pulumi.ComponentResourceOptions,
): ProviderCalls {
  const { app, namespace, vpcCidr, store, providers, transition, ready } = args;
  if (Object.keys(providers).length === 0) return { ready: {}, calls: {} };
  const { to: release } = transition;
  const keys = new ProviderKeys(name, { release, providers, namespace, store }, opts);
  const cleared = clearings(transition, providers);
  if (cleared.length > 0) {
    const clearing = { app, namespace, vpcCidr, clearings: cleared };
    new CacheClearing("cache-clearing", clearing, { ...opts, dependsOn: ready });
  }
  const calls = COLOURS.map((colour) => {
    const variables = keysOf({ release, providers }, colour).map(({ variable }) => variable);
    return [
      colour,
      {
        ...(variables.length > 0 && { keys: { secret: providerKeysName(colour), variables } }),
        ...(clearsCaches(release[colour], providers) && { cachePrefix: cachePrefix(colour) }),
      },
    ] as const;
  });
  return { ready: keys.ready, calls: Object.fromEntries(calls) };
}
