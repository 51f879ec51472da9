import { otherColour } from "../model/release";
import { editRelease, settingsIn } from "../rollout/configuration";
import { type Call, type CallRecord, callRecord, callSluice } from "./call";
import { noneLeft } from "./emergency";
import { type FallbackRecord, askFallbacks, fallbacksSince } from "./fallbacks";
import { type Tell, amidFaults } from "./faults/strike";
import { type Reaction, reactionTo } from "./reaction";
import type { ScriptStep } from "./script";
import type { Stage } from "./step";

/** What came of a step that calls the command line. */
export interface CallsDone {
  readonly calls: readonly CallRecord[];
  /** Absent: nothing was broken that a colour's users met. */
  readonly reaction?: Reaction;
  /** Absent: no provider had to be stood in for. */
  readonly fallbacks?: FallbackRecord;
}

/** Milliseconds between two looks whether traffic has moved. */
const LOOK = 50;

/**
 * Calls the command line amid a step's faults, which are mended then.
 *
 * @throws Error where a fault could not be had, or the stage's signal aborts
 */
export async function performCalls(
  calls: readonly Call[],
  { faults = [], fallsBack }: ScriptStep,
  stage: Stage,
): Promise<CallsDone> {
  const { copy, endpoint } = stage;
  const scene = await stage.scene();
  const candidate = otherColour(settingsIn(await copy.read()).release.live);
  const over = new AbortController();
  const signal = AbortSignal.any([scene.signal, over.signal]);
  let moved: number | undefined;
  const looking: Promise<void>[] = [];
  const tell: Tell = (happening) => {
    stage.tell(happening);
    if (happening.kind !== "fault" || !happening.colour) return;
    const gone = noneLeft(happening.colour, endpoint, signal, LOOK).then(
      () => void (moved ??= performance.now()),
      () => undefined,
    );
    looking.push(gone);
  };
  const one = async (call: Call) => {
    const before = await copy.read();
    const ended = await callSluice(call, scene, tell);
    const expected = settingsIn(editRelease(before, call.leaves ?? {})).release;
    const found = settingsIn(await copy.read()).release;
    return { ...ended, record: callRecord(call, ended, { expected, found }) };
  };
  const before = fallsBack && (await askFallbacks(endpoint, candidate));
  const { result, struck } = await amidFaults(faults, { scene, candidate, tell }, async () => {
    const all: Awaited<ReturnType<typeof one>>[] = [];
    for (const call of calls) all.push(await one(call));
    const ended = performance.now();
    // What moved last is seen at the last look.
    over.abort();
    await Promise.all(looking);
    return { all, ended };
  }).finally(() => over.abort());
  const decisions = result.all.flatMap((ended) => ended.decisions);
  const reaction = reactionTo(struck, decisions, { moved, ended: result.ended }, scene.env);
  const after = fallsBack && fallbacksSince(before ?? [], await askFallbacks(endpoint, candidate));
  return {
    calls: result.all.map(({ record }) => record),
    ...(reaction && { reaction }),
    ...(after && { fallbacks: { expected: fallsBack, found: after } }),
  };
}
