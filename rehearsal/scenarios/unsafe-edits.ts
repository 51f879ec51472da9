import { DAYS } from "../../model/freeze";
import { type Colour, allTo, greenAt } from "../../model/release";
import type { ReleaseEdit } from "../../rollout/configuration";
import { type Cast, type Scenario, type ScriptStep, begin, nextVersion, unsafe } from "../script";

/** Points that a share may rise by in this rehearsal, in every stack alike. */
const STEP = 10;

/** Nodes of the vector store, so that there are some to lose. */
const NODES = 3;

/** How long clients hold on to a colour, in seconds: longer than a busy machine takes to come to the next edit. */
const HOLDING = 300;

const at = (colour: Colour, share: number): ReleaseEdit => ({
  traffic: greenAt(colour === "green" ? share : 100 - share),
});

const permitted = (
  kind: ScriptStep["kind"],
  name: string,
  edit: ReleaseEdit,
  configuration: ScriptStep["configuration"] = {},
): ScriptStep => ({ name, kind, planned: true, edit, configuration });

/** Values that no release can have, whatever ran before. */
const impossible = ({ candidate, next, settings: { registry, services } }: Cast): ScriptStep[] => [
  unsafe("shares that sum to 120", ["settings"], { traffic: { blue: 60, green: 60 } }),
  unsafe("a tag that moves: latest", ["settings"], {
    [candidate]: {
      version: next,
      images: Object.fromEntries(
        Object.entries(services)
          .slice(0, 1)
          .map(([service, { image }]) => [service, `${registry}/${image}:latest`]),
      ),
    },
  }),
  unsafe("a key that nobody knows", ["settings"], {}, { "sluice:release.trafic": { blue: 90, green: 10 } }),
];

/** While the other colour has nothing. */
const beforeTheRelease = ({ candidate, version, next }: Cast): ScriptStep[] => [
  unsafe("traffic to a colour that has nothing", ["T2"], at(candidate, STEP)),
  unsafe("traffic to a version before its migration", ["T3", "T2", "T4"], {
    ...at(candidate, STEP),
    [candidate]: { version: next, migration: { revision: "5f1c2a", phase: "expand", serves: version } },
  }),
  unsafe(`a migration that ${version} cannot live with`, ["T7"], {
    [candidate]: { version: next, migration: { revision: "5f1c2a", phase: "contract", serves: next } },
  }),
];

/** While the candidate has a little traffic. */
const underway = ({ candidate, next, settings: { backends } }: Cast): ScriptStep[] => [
  unsafe("another version under traffic", ["T4"], { [candidate]: { version: nextVersion(next) } }),
  unsafe("promote with a tenth of the traffic", ["T5"], { live: candidate }),
  unsafe("half the pods of a colour with traffic", ["T6"], { capacity: { [candidate]: 50 } }),
  unsafe("another strategy in the midst of a canary", ["T13"], { strategy: "blue-green" }),
  unsafe("a shift together with a larger database", ["T8"], at(candidate, 2 * STEP), {
    "sluice:backends.database.storageGb": backends.database.storageGb + 10,
    "sluice:backends.database.maxStorageGb": backends.database.maxStorageGb + 10,
  }),
  unsafe("fewer nodes of the vector store", ["T14"], {}, { "sluice:backends.vectorStore.replicas": 1 }),
  unsafe(
    "a flag that meets the candidate's users",
    ["T11"],
    {},
    {
      "sluice:limits.exposure": 1,
      "sluice:flags": { search: { rollout_percentage: 50 } },
    },
  ),
  unsafe("a shift inside a freeze", ["T10"], at(candidate, 2 * STEP), {
    "sluice:limits.freezes": [{ reason: "quarter's end", days: DAYS, from: "00:00", until: "24:00" }],
  }),
];

/** One leap that somebody answers for, and the same leave once more. */
const withLeave = ({ candidate, next, inAnHour }: Cast): ScriptStep[] => {
  const leave = { rule: "T1", by: "ada@example.com", reason: "hotfix of a leak", expires: inAnHour };
  return [
    unsafe("a leap over a step", ["T1"], at(candidate, 4 * STEP)),
    permitted("shift", `${4 * STEP} % to ${next}, by an override`, at(candidate, 4 * STEP), {
      "sluice:overrides": [leave],
    }),
    unsafe("another leap by the same override", ["T1"], at(candidate, 100)),
  ];
};

/** After users were taken off the candidate, while some still hold on to it. */
const takenBack = ({ live, candidate, version, next }: Cast): ScriptStep[] => [
  permitted("rollback", `back to ${version}`, { traffic: allTo(live) }),
  unsafe("the candidate away while it drains", ["T6"], { [candidate]: {} }),
  unsafe(`${next} again, which was taken back`, ["T12"], at(candidate, STEP)),
];

/** One wrong edit after another in a stack that is in the midst of a release. */
export const unsafeEdits: Scenario = {
  summary: "one unsafe edit after another, each refused in the preview",
  about:
    `Every edit is previewed with both policy packs, as in a pull request, and taken back. Left out are T9, for ` +
    `which another stack has to have trusted versions, and T15, for which there have to be providers; what S1 and S6 refuse does not get past the settings. ` +
    `Shares rise by ${STEP} points here, clients hold on to a colour for ${HOLDING} seconds, and the vector store ` +
    `has ${NODES} nodes, whatever the stack file says.`,
  steps: (cast) => [
    begin(
      cast,
      { strategy: "canary" },
      {
        "sluice:limits.step": STEP,
        "sluice:limits.stickinessSeconds": HOLDING,
        "sluice:backends.vectorStore.replicas": NODES,
      },
    ),
    ...impossible(cast),
    ...beforeTheRelease(cast),
    permitted("deploy", `deploy ${cast.next} in ${cast.candidate}`, {
      [cast.candidate]: { version: cast.next },
    }),
    permitted("shift", `${STEP} % to ${cast.next}`, at(cast.candidate, STEP)),
    ...underway(cast),
    ...withLeave(cast),
    ...takenBack(cast),
  ],
};
