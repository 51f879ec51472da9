import { COLOURS, type Colour, type Release, type Shares } from "./release";
import { isRecord } from "./schema/faults";

/** What configuration asked for in an update, as far as history tells it. */
export interface Stand {
  readonly live: Colour;
  readonly traffic: Shares;
  /** Absent: the colour was empty. */
  readonly versions: Readonly<Partial<Record<Colour, string>>>;
}

/** A value of configuration as the engine's history has it: text, and what it parses to where it is an object. */
export interface Configured {
  readonly value?: string;
  readonly objectValue?: unknown;
  /** Whether its value is withheld. Default: no. */
  readonly secret?: boolean;
}

/** The release as an update's configuration had it; undefined where that is none. */
export function standIn({ value, objectValue }: Configured): Stand | undefined {
  const release = objectValue ?? parsed(value);
  if (!isRecord(release)) return undefined;
  const { live: named, traffic } = release;
  const live = COLOURS.find((colour) => colour === named);
  if (!live || !isRecord(traffic)) return undefined;
  const [blue, green] = COLOURS.map((colour) => Number(traffic[colour] ?? Number.NaN));
  if (blue === undefined || green === undefined || Number.isNaN(blue + green)) return undefined;
  const versions = COLOURS.flatMap((colour) => {
    const manifest = release[colour];
    const version = isRecord(manifest) ? manifest["version"] : undefined;
    return typeof version === "string" ? [[colour, version] as const] : [];
  });
  return { live, traffic: { blue, green }, versions: Object.fromEntries(versions) };
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The same of a release. */
export const standOf = (release: Release): Stand => ({
  live: release.live,
  traffic: release.traffic,
  versions: versionsIn(release),
});

const versionsIn = (release: Release): Stand["versions"] =>
  Object.fromEntries(
    COLOURS.flatMap((colour) => {
      const { version } = release[colour];
      return version === undefined ? [] : [[colour, version]];
    }),
  );

/** What differs between two stands, a few words each: `green 10 → 25 %`, `live blue → green`. */
export function changesBetween(from: Stand, to: Stand): string[] {
  const versions = COLOURS.flatMap((colour) => {
    const [before, after] = [from.versions[colour], to.versions[colour]];
    return before === after ? [] : [`${colour} ${before ?? "empty"} → ${after ?? "empty"}`];
  });
  const shared =
    from.traffic.green === to.traffic.green ? [] : [`green ${from.traffic.green} → ${to.traffic.green} %`];
  const live = from.live === to.live ? [] : [`live ${from.live} → ${to.live}`];
  return [...versions, ...shared, ...live];
}
