import { BACKENDS } from "../../model/backends";
import type { Transition } from "../../model/transition";
import { LIMITS, SERVICES, at, promoted, recorded, release, transition } from "../model/fixtures";

/** A transition that one rule alone refuses, and the nearest one that every rule permits. */
export interface Case {
  /** The rule's id. */
  readonly id: string;
  readonly what: string;
  readonly refused: Transition;
  readonly permitted: Transition;
}

const full = recorded(release(100));
const promote = (seconds: number) => transition(full, release(100, { live: "green" }), { now: at(seconds) });
const fallen = recorded(release(0), { drainedAt: { green: at(0) } });
const remove = (seconds: number) => transition(fallen, release(0, { green: {} }), { now: at(seconds) });
const drained = LIMITS.stickinessSeconds + LIMITS.deregistrationSeconds;
const changed = { version: "2.4.1" };
const rolling = { strategy: "rolling", green: {} } as const;
const { storage, ...others } = SERVICES;
const storageWith = (part: object) => ({ services: { ...others, storage: { ...storage!, ...part } } });
const migration = { revision: "r4", phase: "expand", serves: "2.3.1" } as const;
const migrating = { version: "2.4.0", migration };
const SCHEMA = { ...migration, version: "2.4.0", at: at(-60) };
const contracting = {
  version: "2.5.0",
  migration: { revision: "r5", phase: "contract", serves: "2.4.0" },
} as const;
const contract = (seconds: number) =>
  transition(promoted(), release(100, { live: "green", blue: contracting, supersedes: "2.3.1" }), {
    now: at(seconds),
  });
const still = [recorded(release(0)), release(0)] as const;
/** With so many GiB more for the database than were recorded. */
const platformWith = (more: number) => {
  const { database } = BACKENDS.prod;
  const larger = { ...database, storageGb: database.storageGb + more };
  return { kubernetes: "1.35", backends: { ...BACKENDS.prod, database: larger } };
};
const standing = { platform: platformWith(0) };
const freeze = { reason: "quarter's end", from: at(0), until: at(3_600) };
const frozen = (seconds: number) =>
  transition(recorded(release(10)), release(11), {
    limits: { ...LIMITS, freezes: [freeze] },
    now: at(seconds),
  });
const superseding = (supersedes: string) =>
  transition(promoted(), release(100, { live: "green", blue: { version: "2.5.0" }, supersedes }), {
    now: at(LIMITS.warmSeconds),
  });
const restyled = (share: number) =>
  transition(recorded(release(share)), release(share, { strategy: "blue-green" }));
/** An image by its digest, where the one whose digest ends in `a` has baked. */
const deployed = (end: string) => {
  const images = (last: string) => ({ storage: `example.com/storage@sha256:${"0".repeat(63)}${last}` });
  const baked = [{ version: "2.4.0", images: images("a"), at: at(-60) }];
  const green = { version: "2.4.0", images: images(end) };
  return transition(recorded(release(0, { green: {} })), release(0, { green }), { baked });
};
const provider = (name: string) => ({ secret: name, variable: "KEY", clearCaches: false });
/** A stack whose live colour calls one of the two providers that it declares. */
const calling = recorded(
  release(0, { blue: { version: "2.3.1", settings: { PRIMARY_PROVIDER: "groq" } }, green: {} }),
  { providers: { groq: provider("groq"), openai: provider("openai") } },
);
const exposed = (share: number, percentage: number) => {
  const flag = (percentage: number) => ({ partial: { percentage, settled: false } });
  return transition(recorded(release(49), { flags: flag(49) }), release(share), { flags: flag(percentage) });
};
/** One that somebody answers for until so many seconds after it. */
const retried = (share: number, until?: number) => {
  const leave = { rule: "T12", by: "on-call", reason: "it was the database" };
  return transition(
    recorded(release(0), { takenBack: [{ version: "2.4.0", at: at(-60) }] }),
    release(share),
    until === undefined ? {} : { overrides: [{ ...leave, expires: at(until) }] },
  );
};

export const CASES: readonly Case[] = [
  {
    id: "S6",
    what: "shares that sum to 101",
    refused: transition(recorded(release(0)), release(0, { traffic: { blue: 90, green: 11 } })),
    permitted: transition(recorded(release(0)), release(0, { traffic: { blue: 90, green: 10 } })),
  },
  {
    id: "T1",
    what: "a rise by one point more than the step",
    refused: transition(recorded(release(10)), release(10 + LIMITS.step + 1)),
    permitted: transition(recorded(release(10)), release(10 + LIMITS.step)),
  },
  {
    id: "T2",
    what: "one per cent for a colour without a version",
    refused: transition(recorded(release(0, { green: {} })), release(1, { green: {} })),
    permitted: transition(recorded(release(0)), release(1)),
  },
  {
    id: "T2",
    what: "a first deployment that is shared already",
    refused: transition(undefined, release(1)),
    permitted: transition(undefined, release(0)),
  },
  {
    id: "T3",
    what: "one per cent before the version's migration has completed",
    refused: transition(recorded(release(0, { green: migrating })), release(1, { green: migrating })),
    permitted: transition(
      recorded(release(0, { green: migrating }), { schema: SCHEMA }),
      release(1, { green: migrating }),
    ),
  },
  {
    id: "T7",
    what: "a contraction one second before the former version can no longer come back",
    refused: contract(LIMITS.warmSeconds + LIMITS.coldSeconds - 1),
    permitted: contract(LIMITS.warmSeconds + LIMITS.coldSeconds),
  },
  {
    id: "T4",
    what: "another version of a candidate with one per cent",
    refused: transition(recorded(release(1)), release(1, { green: changed })),
    permitted: transition(recorded(release(0)), release(0, { green: changed })),
  },
  {
    id: "T4",
    what: "another version of the live colour, in place",
    refused: transition(recorded(release(0, { green: {} })), release(0, { green: {}, blue: changed })),
    permitted: transition(recorded(release(0, rolling)), release(0, { ...rolling, blue: changed })),
  },
  {
    id: "T4",
    what: "another port of a service",
    refused: transition(...still, storageWith({ port: 8081 })),
    permitted: transition(...still, storageWith({ port: 8080 })),
  },
  {
    id: "T5",
    what: "a promote one second early",
    refused: promote(LIMITS.bakeSeconds - 1),
    permitted: promote(LIMITS.bakeSeconds),
  },
  {
    id: "T6",
    what: "the removal of a colour one second before its clients let go",
    refused: remove(drained - 1),
    permitted: remove(drained),
  },
  {
    id: "T6",
    what: "one per cent less capacity of a colour with traffic",
    refused: transition(
      recorded(release(10, { capacity: { green: 150 } })),
      release(10, { capacity: { green: 149 } }),
    ),
    permitted: transition(
      recorded(release(10, { capacity: { green: 150 } })),
      release(10, { capacity: { green: 151 } }),
    ),
  },
  {
    id: "T6",
    what: "one pod less",
    refused: transition(...still, storageWith({ replicas: storage!.replicas - 1 })),
    permitted: transition(...still, storageWith({ replicas: storage!.replicas + 1 })),
  },
  {
    id: "T8",
    what: "a rise by one point together with one GiB more for the database",
    refused: transition(recorded(release(10), standing), release(11), { platform: platformWith(1) }),
    permitted: transition(recorded(release(10), standing), release(10), { platform: platformWith(1) }),
  },
  {
    id: "T10",
    what: "a rise one second before the end of a freeze",
    refused: frozen(3_599),
    permitted: frozen(3_600),
  },
  {
    id: "T13",
    what: "another strategy while the candidate has one per cent",
    refused: restyled(1),
    permitted: restyled(0),
  },
  {
    id: "T13",
    what: "a version in the place of the one that is kept, while another one is named",
    refused: superseding("2.3.0"),
    permitted: superseding("2.3.1"),
  },
  {
    id: "T14",
    what: "one GiB less for the database",
    refused: transition(recorded(release(10), standing), release(10), { platform: platformWith(-1) }),
    permitted: transition(recorded(release(10), standing), release(10), { platform: platformWith(1) }),
  },
  {
    id: "T15",
    what: "the end of a provider that the live colour calls",
    refused: transition(calling, calling.release, { providers: { openai: provider("openai") } }),
    permitted: transition(calling, calling.release, { providers: { groq: provider("groq") } }),
  },
  {
    id: "T9",
    what: "the deployment of an image of which another digest has baked",
    refused: deployed("b"),
    permitted: deployed("a"),
  },
  {
    id: "T9",
    what: "a rise by one point of a version that has not baked",
    refused: transition(recorded(release(10)), release(11), { baked: [] }),
    permitted: transition(recorded(release(10)), release(10), { baked: [] }),
  },
  {
    id: "T11",
    what: "a rise by one point more than an unsettled flag leaves",
    refused: exposed(51, 50),
    permitted: exposed(50, 50),
  },
  {
    id: "T11",
    what: "an unsettled flag that rises by one point more than the share leaves",
    refused: exposed(50, 51),
    permitted: exposed(50, 50),
  },
  {
    id: "T12",
    what: "one per cent for a version that was taken back",
    refused: retried(1),
    permitted: retried(0),
  },
  {
    id: "T12",
    what: "a retry one second after the leave to it has ended",
    refused: retried(1, 0),
    permitted: retried(1, 1),
  },
];
