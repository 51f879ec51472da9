import { servicesOf } from "./manifest";
import {
  COLOURS,
  type Colour,
  type Footprint,
  type Manifest,
  type Release,
  type Shares,
  allTo,
} from "./release";

type Services = Readonly<Record<string, unknown>>;

/** Whether a colour of such a manifest has a service of the stack's. */
export const hasService = (manifest: Manifest, service: string): boolean =>
  servicesOf(manifest, { [service]: true }).includes(service);

/** A manifest that names its services: where it has a version and names none it has every one of the stack. */
export const named = (manifest: Manifest, services: Services): Manifest =>
  manifest.version === undefined || manifest.services
    ? manifest
    : { ...manifest, services: Object.keys(services) };

/**
 * A release whose colours name their services. The stack's list is the default of both colours, and a default
 * that is looked up later would let an edit of the stack change what a colour has been running.
 */
export const withServices = (release: Release, services: Services): Release => ({
  ...release,
  blue: named(release.blue, services),
  green: named(release.green, services),
});

/** What a colour has more and less than it had. */
export interface ServiceChange {
  readonly gained: readonly string[];
  readonly lost: readonly string[];
}

/** A colour's services now against those that it had, whichever of the lists are the stack's. */
export function serviceChange(
  before: { readonly manifest: Manifest; readonly services: Readonly<Record<string, Footprint>> },
  after: { readonly manifest: Manifest; readonly services: Readonly<Record<string, Footprint>> },
): ServiceChange {
  const had = servicesOf(before.manifest, before.services);
  const has = servicesOf(after.manifest, after.services).filter((name) => after.services[name]);
  return {
    gained: has.filter((name) => !had.includes(name)),
    lost: had.filter((name) => !has.includes(name)),
  };
}

/** How a public service's traffic is shared. */
export interface ServiceShares {
  readonly shares: Shares;
  /** The colour that has all of it, whatever the release's shares are, because the other one lacks the service. */
  readonly sole?: Colour;
}

/**
 * How a public service's traffic is shared: as the release says among the colours that have the service. Where
 * only one of them has it that colour gets all of it, for the other's users do not know it, and what they know
 * must not fail. A service that the candidate lacks therefore stays the live colour's until that is live no more,
 * at 100 % for the candidate too, so that a retreat finds everything as it was. A candidate without a share of
 * the release gets none of any service: unreleased code is reached by preview alone.
 *
 * @returns undefined where no such colour has the service: then the world does not reach it
 */
export function sharesOf(release: Release, service: string): ServiceShares | undefined {
  const { traffic, live } = release;
  const having = COLOURS.filter((colour) => hasService(release[colour], service));
  const [one, other] = having.filter((colour) => traffic[colour] > 0);
  if (one === undefined) return having.includes(live) ? { shares: allTo(live), sole: live } : undefined;
  if (other !== undefined || traffic[one] === 100) return { shares: traffic };
  return { shares: allTo(one), sole: one };
}
