import type { ZodType } from "zod";
import type { Plan, PlanStep } from "../rollout/plan";
import { PLAN_NAMES, type PlanName, namedPlan } from "../rollout/plans";
import { type Fault, type Path, format, isRecord, remove } from "./faults";
import { type Fields, oneOf, readField, readFields, text, whole } from "./fields";
import { readGate, sentence } from "./gates";
import { readList } from "./lists";

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** Ninety days, in seconds: what bakes for longer is no release under way. */
const LONGEST = 90 * 86_400;

const DURATION = 'a time of at most 90 days such as "30s", "15m", "12h" or "7d"';

const seconds = (duration: string): number =>
  Number(duration.slice(0, -1)) * (SECONDS[duration.slice(-1)] ?? Number.NaN);

const duration: ZodType<string> = text(/^\d{1,7}[smhd]$/, DURATION).refine(
  (value) => seconds(value) <= LONGEST,
  {
    error: DURATION,
  },
);

const plans = oneOf(PLAN_NAMES);
const HOLD = sentence("why it is held, for whoever reads it later", 200);

/** Reads `sluice:plan`, or the plan of a flag: a name, or an object with a name or steps of its own. */
export function readPlan(raw: unknown, byDefault: Plan, faults: Fault[], path: Path = ["plan"]): Plan {
  if (raw === undefined) return byDefault;
  const nameField = {
    schema: plans,
    words: PLAN_NAMES,
    example: PLAN_NAMES.find((one) => one === byDefault.name) ?? PLAN_NAMES[0],
  };
  if (typeof raw === "string") return named(readField(raw, path, nameField, faults)) ?? byDefault;
  const fields = { name: nameField, hold: { schema: HOLD } };
  const { name, hold } = readFields<{ name: PlanName; hold: string }>(raw, path, fields, faults, ["steps"]);
  const rawSteps = isRecord(raw) ? raw["steps"] : undefined;
  const steps = rawSteps === undefined ? undefined : readSteps(rawSteps, [...path, "steps"], faults);
  if (isRecord(raw) && raw["name"] !== undefined && steps) {
    faults.push({
      path: format([...path, "name"]),
      found: raw["name"],
      allowed: "a plan has a name or steps of its own, not both",
      remedy: remove([...path, "name"]),
    });
  }
  const plan = steps ? { name: "own", steps } : (named(name) ?? byDefault);
  return { ...plan, ...(hold !== undefined && { hold }) };
}

const named = (name: PlanName | undefined): Plan | undefined => name && namedPlan(name);

function readSteps(raw: unknown, path: Path, faults: Fault[]): PlanStep[] {
  const before = faults.length;
  const steps = readList(raw, path, "a list of steps: share, bake, gates", readStep(faults), faults);
  if (faults.length > before) return steps;
  const ascend = steps.every(({ share }, index) => index === 0 || share > (steps[index - 1]?.share ?? 0));
  if (!ascend || steps.at(-1)?.share !== 100) {
    faults.push({
      path: format(path),
      found: steps.map(({ share }) => share),
      allowed: "shares that ascend and end with 100",
      remedy: remove(path),
    });
  }
  return steps;
}

interface RawStep {
  readonly share: number;
  readonly bake: string;
}

const STEP: Fields<RawStep> = {
  share: { required: true, schema: whole(0, 100), example: 100 },
  bake: { schema: duration, example: "24h" },
};

const readStep =
  (faults: Fault[]) =>
  (element: unknown, path: Path): PlanStep | undefined => {
    const before = faults.length;
    const { share, bake } = readFields<RawStep>(element, path, STEP, faults, ["gates"]);
    const rawGates = isRecord(element) ? element["gates"] : undefined;
    const at: Path = [...path, "gates"];
    const gates = readList(
      rawGates,
      at,
      "a list of gates: name, kind and what it asks",
      readGate(faults),
      faults,
    );
    const twice = gates.find(({ name }, index) => gates.findIndex((gate) => gate.name === name) < index);
    if (twice) {
      const allowed = "names of gates that differ within a step";
      faults.push({ path: format(at), found: twice.name, allowed, remedy: remove(at) });
    }
    if (share === undefined || faults.length > before) return undefined;
    return { share, bakeSeconds: bake === undefined ? 0 : seconds(bake), gates };
  };
