import { COLOURS, type Colour, allTo } from "../release";
import { type Fault, format, remove, set, suggestion } from "./faults";
import type { PartialRelease } from "./release";

/** Combinations within the release that can never be. */
export const releaseFaults = (release: PartialRelease, services: readonly string[]): Fault[] => [
  ...sumFaults(release),
  ...sharedFaults(release),
  ...liveFaults(release),
  ...COLOURS.flatMap((colour) => [
    ...listed(release, colour, services),
    ...overridden(release, colour, services),
  ]),
];

function sumFaults({ traffic }: PartialRelease): Fault[] {
  const { blue, green } = traffic ?? {};
  if (blue === undefined || green === undefined || blue + green === 100) return [];
  return [
    {
      path: "sluice:release.traffic",
      found: { blue, green },
      allowed: `shares that sum to 100; these sum to ${blue + green}`,
      remedy: set(["release", "traffic", "green"], 100 - blue),
    },
  ];
}

function sharedFaults({ strategy, live, traffic }: PartialRelease): Fault[] {
  const { blue, green } = traffic ?? {};
  if (strategy !== "rolling" || !blue || !green) return [];
  const shares = allTo(live ?? "blue");
  const commands = COLOURS.map((colour) => set(["release", "traffic", colour], shares[colour]));
  return [
    {
      path: "sluice:release.strategy",
      found: strategy,
      allowed: `canary or blue-green while both colours share traffic (blue ${blue}, green ${green}); under rolling one colour has 100`,
      remedy: commands.join(" && "),
    },
  ];
}

function liveFaults(release: PartialRelease): Fault[] {
  const { live } = release;
  const manifest = live && release[live];
  if (!manifest || manifest.version !== undefined) return [];
  return [
    {
      path: format(["release", live, "version"]),
      found: undefined,
      allowed: `the version of ${live}, because it is the live colour`,
      remedy: set(["release", live, "version"], "2.4.0"),
    },
  ];
}

const listed = (release: PartialRelease, colour: Colour, services: readonly string[]): Fault[] =>
  (release.named?.[colour].services ?? []).flatMap((name, index, all) => {
    const path = ["release", colour, "services", index] as const;
    if (typeof name !== "string") return [];
    if (all.indexOf(name) < index) {
      return [{ path: format(path), found: name, allowed: "each service once", remedy: remove(path) }];
    }
    return services.includes(name) ? [] : [unknownService(path, name, name, services)];
  });

const overridden = (release: PartialRelease, colour: Colour, services: readonly string[]): Fault[] =>
  Object.entries(release.named?.[colour].images ?? {})
    .filter(([name]) => !services.includes(name))
    .map(([name, image]) => unknownService(["release", colour, "images", name], name, image, services));

const unknownService = (
  path: readonly [string, ...(string | number)[]],
  name: string,
  found: unknown,
  services: readonly string[],
): Fault => ({
  path: format(path),
  found,
  allowed: `a service of this stack (${services.join(", ")})${suggestion(name, services)}`,
  remedy: remove(path),
});
