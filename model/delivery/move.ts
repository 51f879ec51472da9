import { classify, type Kind } from "../classify";
import { sameManifest } from "../manifest";
import { platformChanges } from "../platform";
import {
  COLOURS,
  type Colour,
  type Manifest,
  type Recorded,
  type Release,
  type Shares,
  otherColour,
} from "../release";
import type { Transition } from "../rule";
import { areUneven } from "../shares";

/** One thing that a reviewer looks at, as it is and as it would be. */
export interface MoveRow {
  readonly what: string;
  readonly now: string;
  readonly then: string;
}

/** What a transition moves, from what to what. */
export interface Move {
  readonly kind: Kind;
  /** In a few words: `green 2.4.0: 10 → 25 %`. */
  readonly title: string;
  readonly rows: readonly MoveRow[];
  /** What a reviewer should know of where it begins, each a sentence. */
  readonly remarks: readonly string[];
}

const NOTHING = "nothing";

/** What a transition moves. Live colour and traffic are always told, and of the rest what differs. */
export function moveOf(transition: Transition): Move {
  const { from, to } = transition;
  const kind = classify(from, to);
  const before = from?.release;
  const rows: MoveRow[] = [
    { what: "live", now: before ? named(before, before.live) : NOTHING, then: named(to, to.live) },
    { what: "traffic", now: before ? shares(before.traffic) : NOTHING, then: shares(to.traffic) },
    ...COLOURS.map((colour) => ({
      what: `${colour} runs`,
      now: before ? manifestText(before[colour]) : NOTHING,
      then: manifestText(before?.[colour].version === undefined ? asNew(to, colour) : to[colour]),
    })),
    { what: "strategy", now: before?.strategy ?? NOTHING, then: to.strategy },
    { what: "capacity", now: capacity(before), then: capacity(to) },
    { what: "gives up", now: before?.supersedes ?? NOTHING, then: to.supersedes ?? NOTHING },
    ...platformRows(transition),
    ...flagRows(transition),
  ];
  const always = ["live", "traffic"];
  return {
    kind,
    title: titleOf(kind, from, to),
    rows: rows.filter(({ what, now, then }) => always.includes(what) || now !== then),
    remarks: from && areUneven(from) ? [UNEVEN] : [],
  };
}

const UNEVEN =
  "The rules of the services do not have the same weights: an earlier update has ended half-way. This one levels them.";

function titleOf(kind: Kind, from: Recorded | undefined, to: Release): string {
  if (!from) return `first deployment, ${named(to, to.live)} live`;
  const { release } = from;
  const moved = COLOURS.filter((colour) => to.traffic[colour] > release.traffic[colour]);
  const traffic = moved
    .map((colour) => `${named(to, colour)}: ${release.traffic[colour]} → ${to.traffic[colour]} %`)
    .join(", ");
  switch (kind) {
    case "deploy":
      return `deploys ${COLOURS.filter((colour) => !sameManifest(release[colour], to[colour]))
        .map((colour) => named(to, colour) + migrationOf(to[colour]))
        .join(" and ")}`;
    case "shift":
      return `shifts traffic, ${traffic}`;
    case "promote":
      return `makes ${named(to, to.live)} live`;
    case "flip":
      return `flips to ${named(to, to.live)}`;
    case "rollback":
      return `goes back${traffic === "" ? ` to ${named(to, to.live)}` : `, ${traffic}`}`;
    case "hold":
      return "leaves the release as it is";
  }
}

const named = (release: Release, colour: (typeof COLOURS)[number]): string =>
  `${colour} ${release[colour].version ?? "(empty)"}`;

const migrationOf = ({ migration }: Manifest): string =>
  migration ? ` with migration ${migration.revision} (${migration.phase})` : "";

const shares = (traffic: Shares): string =>
  COLOURS.map((colour) => `${colour} ${traffic[colour]} %`).join(", ");

const capacity = (release: Release | undefined): string =>
  COLOURS.flatMap((colour) => {
    const percent = release?.capacity?.[colour];
    return percent === undefined ? [] : [`${colour} ${percent} %`];
  }).join(", ") || "full size";

/** What comes where nothing was, without the services that the other colour has as well. */
function asNew(to: Release, colour: Colour): Manifest {
  const { services, ...rest } = to[colour];
  const other = to[otherColour(colour)].services;
  return services && JSON.stringify(services) !== JSON.stringify(other) ? to[colour] : rest;
}

/** Whatever differs between two manifests differs in this text. */
function manifestText({ version, images, settings, services, migration }: Manifest): string {
  if (version === undefined) return NOTHING;
  const parts = [
    version,
    ...(migration
      ? [`migration ${migration.revision} (${migration.phase}, serves ${migration.serves})`]
      : []),
    ...Object.entries(images ?? {}).map(([service, image]) => `${service} from ${image}`),
    ...Object.entries(settings ?? {}).map(([name, value]) => `${name}=${value}`),
    ...(services ? [`services ${services.join(" ")}`] : []),
  ];
  return parts.join("; ");
}

const platformRows = ({ from, platform }: Transition): MoveRow[] =>
  from?.platform && platform
    ? platformChanges(from.platform, platform).map(({ name, before, after }) => ({
        ...{ what: name, now: String(before), then: String(after) },
      }))
    : [];

function flagRows({ from, flags = {} }: Transition): MoveRow[] {
  const names = [...new Set([...Object.keys(from?.flags ?? {}), ...Object.keys(flags)])].sort();
  const percent = (one: { readonly percentage: number } | undefined) =>
    one ? `${one.percentage} % of the sessions` : NOTHING;
  return names.map((name) => ({
    ...{ what: `flag ${name}`, now: percent(from?.flags?.[name]), then: percent(flags[name]) },
  }));
}
