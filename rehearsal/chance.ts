/** Environment in which a rehearsal's processes are told its seed. */
export const SEED = "SLUICE_SEED";

/** Seeds are whole numbers below this. */
export const SEEDS = 2 ** 32;

/** Numbers from 0 up to but not including 1. */
export type Chance = () => number;

/**
 * Chance that can be had again: the same seed and name give the same numbers. Each user of chance has a name of its
 * own, so that one of them takes nothing from another's sequence.
 *
 * The generator is mulberry32 (T. Ettinger, 2017), which passes gjrand's tests; its period of 2³² is more than a
 * rehearsal asks for. The name is hashed by FNV-1a.
 */
export function chanceOf(seed: number, name = ""): Chance {
  let hash = 0x811c9dc5;
  for (const sign of name) hash = Math.imul(hash ^ (sign.codePointAt(0) ?? 0), 0x01000193);
  let state = (Math.imul(seed, 0x9e3779b1) ^ hash) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / SEEDS;
  };
}

/** Chance by what the environment says; another each time where it says nothing. */
export function chanceIn(environment: Readonly<Record<string, string | undefined>>, name: string): Chance {
  const text = environment[SEED];
  return text === undefined || text === "" ? Math.random : chanceOf(Number(text), name);
}
