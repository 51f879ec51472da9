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
  transition(promoted(), release(100, { live: "green", blue: contracting }), { now: at(seconds) });
const still = [recorded(release(0)), release(0)] as const;

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
];
