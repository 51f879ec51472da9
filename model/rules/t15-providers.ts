import { sameManifest } from "../manifest";
import { clearsCaches } from "../providers/caches";
import type { Declared } from "../providers/providers";
import { usedBy } from "../providers/tasks";
import { COLOURS, type Colour, type Manifest, type Recorded } from "../release";
import type { Rule, Transition, Violation } from "../rule";
import { format, set } from "../schema/faults";
import { mostOf } from "../shares";
import { coldColour, predecessorColour, retentionPhase, secondsBetween } from "../trust";
import { after } from "./wording";

/** Whom a colour calls, or would call again, keeps its key until nothing does. */
export const t15: Rule = {
  id: "T15",
  title: "A provider taken away, or told otherwise to pods, that something still calls",
  severity: "high",
  protects: "users on a colour whose calls would fail, and the way back to one",
  wayOut:
    "Release a colour that does without it, wait until the former one is no way back, and remove it then.",
  judge: (transition) => {
    const { from } = transition;
    const before = from?.providers;
    if (!from || !before) return [];
    const told = toldOtherwise(transition, from, before);
    if (told.length > 0) return told;
    const gone = Object.keys(before).filter((name) => transition.providers?.[name] === undefined);
    if (gone.length === 0) return [];
    const holders = holdersOf(transition, from);
    return gone.flatMap((name) => {
      const holder = holders.find(({ manifest }) => usedBy(manifest, Object.keys(before)).includes(name));
      return holder ? [violation(name, holder)] : [];
    });
  },
};

/** Pods of a colour with traffic would be replaced for it, although nobody has released anything. */
function toldOtherwise(transition: Transition, from: Recorded, before: Declared): Violation[] {
  const { to, providers = {} } = transition;
  return COLOURS.filter((colour) => mostOf(from, colour) > 0 || to.traffic[colour] > 0)
    .filter((colour) => sameManifest(from.release[colour], to[colour]))
    .filter(() => to.strategy !== "rolling")
    .flatMap((colour) => {
      const names = usedBy(to[colour], Object.keys(before)).filter((name) => before[name] && providers[name]);
      const [other] = names.filter((name) => before[name]?.variable !== providers[name]?.variable);
      if (other !== undefined) return [otherwise(colour, other, "variable", before)];
      const changes = clearsCaches(to[colour], before) !== clearsCaches(to[colour], providers);
      const [name] = names.filter((one) => before[one]?.clearCaches !== providers[one]?.clearCaches);
      return changes && name !== undefined ? [otherwise(colour, name, "clearCaches", before)] : [];
    });
}

function otherwise(
  colour: Colour,
  name: string,
  key: "variable" | "clearCaches",
  before: Declared,
): Violation {
  const path = ["providers", name, key] as const;
  const was = before[name]?.[key] ?? false;
  const limit = `${String(was)} while a colour with traffic calls ${name}`;
  const remedy = set(path, was);
  return {
    id: "T15",
    severity: t15.severity,
    where: format(path),
    found: "another value",
    limit,
    remedy,
    message:
      `${colour} has traffic and calls ${name}, and its pods would be replaced for another ${format(path)}. ` +
      `The limit: ${limit}. Keep it: ${remedy}. Change it where no colour with traffic calls ${name}.`,
  };
}

/** What runs, will run, or may come back. */
interface Holder {
  readonly what: string;
  readonly manifest: Manifest;
  /** ISO time from which on it is none any more. Absent: somebody must change it. */
  readonly until?: string;
}

function holdersOf(transition: Transition, from: Recorded): Holder[] {
  const { to } = transition;
  const run = COLOURS.filter((colour) => !isExpired(transition, from, colour)).flatMap((colour) => {
    const manifest = from.release[colour];
    const { version } = manifest;
    if (version === undefined) return [];
    const retained = predecessorColour(from) === colour && from.release.live !== colour;
    return [
      {
        what: `${colour} (version ${version}) ${retained ? "is kept as the way back, and its settings name" : "runs, and its settings name"}`,
        manifest,
        ...(retained && from.retention && { until: from.retention.coldUntil }),
      },
    ];
  });
  const asked = COLOURS.flatMap((colour) =>
    to[colour].version === undefined
      ? []
      : [
          {
            what: `${colour} (version ${to[colour].version}) would run, and its settings name`,
            manifest: to[colour],
          },
        ],
  );
  return [...run, ...inPlace(transition, from), ...asked];
}

/** What was replaced in place can be edited back at any time, for as long as another colour would be retained. */
function inPlace({ limits, now }: Transition, { release, trusted }: Recorded): Holder[] {
  const { predecessor, at } = trusted;
  if (!predecessor || predecessor.colour !== release.live) return [];
  const seconds = limits.warmSeconds + limits.coldSeconds;
  if (secondsBetween(at, now) >= seconds) return [];
  const version = predecessor.manifest.version ?? "none";
  return [
    {
      what: `version ${version}, which ${predecessor.colour} may go back to, has settings that name`,
      manifest: predecessor.manifest,
      until: after(at, seconds),
    },
  ];
}

/** A former colour that is no way back any more, and has no pods. */
const isExpired = (transition: Transition, from: Recorded, colour: (typeof COLOURS)[number]): boolean =>
  coldColour({ ...transition, to: from.release }) === colour &&
  retentionPhase(from, transition.now) === "expired";

function violation(name: string, { what, until }: Holder): Violation {
  const where = format(["providers", name]);
  const limit = "a provider that no colour calls, and no way back";
  const remedy = `put ${where} back: git restore -p Pulumi.<stack>.yaml`;
  const wait = until === undefined ? "Release a colour that does without it first" : `Wait until ${until}`;
  return {
    id: "T15",
    severity: t15.severity,
    where,
    found: "none",
    limit,
    remedy,
    message:
      `${what} ${name}, whose key would be taken away. The limit: ${limit}. Keep it for now: ${remedy}. ` +
      `${wait}, and remove it in an update of its own.`,
  };
}
