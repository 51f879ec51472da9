import { lt, valid } from "semver";
import { sameMigration } from "../manifest";
import type { Migration } from "../migration";
import { COLOURS, type Colour, allTo } from "../release";
import { type Fault, format, remove, set, suggestion } from "./faults";
import type { PartialRelease } from "./release";

/** Combinations within the release that can never be. */
export const releaseFaults = (release: PartialRelease, services: readonly string[]): Fault[] => [
  ...sumFaults(release),
  ...sharedFaults(release),
  ...liveFaults(release),
  ...COLOURS.flatMap((colour) => migrationFaults(release, colour, services)),
  ...sameVersionFaults(release),
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

/** A migration comes with a version, and versions are compared with the oldest one that it serves. */
function migrationFaults(release: PartialRelease, colour: Colour, services: readonly string[]): Fault[] {
  const { version, migration } = release[colour] ?? {};
  const at = ["release", colour] as const;
  const migrates = COLOURS.some((each) => release[each]?.migration);
  const faults: Fault[] = [];
  if (migration && version === undefined) {
    faults.push({
      path: format([...at, "version"]),
      found: undefined,
      allowed: `the version of ${colour}, because it has a migration`,
      remedy: remove([...at, "migration"]),
    });
  }
  // A version that is empty here was wrong, and has its fault already.
  if (migrates && version && valid(version) === null) {
    faults.push({
      path: format([...at, "version"]),
      found: version,
      allowed: `a semantic version such as "2.4.0" while a colour has a migration: what the schema serves is told by it`,
      remedy: set([...at, "version"], "2.4.0"),
    });
  }
  const { serves, service } = migration ?? {};
  if (serves && version && valid(version) !== null && lt(version, serves)) {
    faults.push({
      path: format([...at, "migration", "serves"]),
      found: serves,
      allowed: `${version} or older: a migration serves its own version at least`,
      remedy: set([...at, "migration", "serves"], version),
    });
  }
  if (service !== undefined && !services.includes(service)) {
    faults.push(unknownService([...at, "migration", "service"], service, service, services));
  }
  return faults;
}

/** One version has one migration, whichever colours run it. */
function sameVersionFaults({ blue, green }: PartialRelease): Fault[] {
  if (!blue?.migration || !green?.migration || !blue.version || blue.version !== green.version) return [];
  if (sameMigration(blue.migration as Migration, green.migration as Migration)) return [];
  return [
    {
      path: format(["release", "green", "migration"]),
      found: green.migration,
      allowed: `the migration of ${green.version} as blue has it: one version has one`,
      remedy: remove(["release", "green", "migration"]),
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
