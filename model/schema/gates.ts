import { type ZodType, z } from "zod";
import type { CommandGate, Gate, ManualGate, MetricGate } from "../rollout/gate";
import { type Fault, type Path, format, isRecord, set } from "./faults";
import { type Fields, oneOf, readField, readFields, text, whole } from "./fields";
import { label, moment } from "./forms";

/** How long a gate's command may take where it does not say, in seconds. */
const TIMEOUT_SECONDS = 120;

/** As long at most, in seconds: whatever else was seen for the same step must be fresh when it ends. */
const LONGEST_COMMAND = 200;

/** One line that says something. */
export const sentence = (allowed: string, longest: number): ZodType<string> =>
  text(
    /^[^\s\u0000-\u001f\u007f][^\u0000-\u001f\u007f]*$/,
    `${allowed}, on one line of at most ${longest} characters`,
    longest,
  );

const KINDS = ["metric", "command", "manual"] as const;
const kind = { required: true, schema: oneOf(KINDS), words: KINDS, example: "manual" };
const name = { required: true, schema: label(40), example: "accuracy" };
const number = z.number({ error: "a number" });
const times = z.number({ error: "a number from 0 on" }).min(0, { error: "a number from 0 on" });

/** What limits a metric gate. */
const LIMITS = ["atLeast", "atMost", "atLeastEarlier", "atMostEarlier"] as const;

const METRIC: Fields<Omit<MetricGate, "kind">> = {
  name,
  query: { required: true, schema: sentence("a query of Prometheus", 2_000), example: "vector(0)" },
  atLeast: { schema: number },
  atMost: { schema: number },
  atLeastEarlier: { schema: times },
  atMostEarlier: { schema: times },
};

const COMMAND: Fields<Omit<CommandGate, "kind">> = {
  name,
  command: {
    required: true,
    schema: z
      .array(text(/^[^\u0000]+$/, "a program or an argument"), {
        error: "a list: the program, then its arguments",
      })
      .min(1, { error: "the program at least" }),
    first: "./accuracy.sh",
  },
  timeoutSeconds: { schema: whole(1, LONGEST_COMMAND), example: TIMEOUT_SECONDS },
};

/** What `aws sts get-caller-identity` can print, and a role, for whoever has it. */
const approver = text(
  /^arn:aws[a-z-]*:(iam::\d{12}:(user|role)\/[\w+=,.@/-]+|sts::\d{12}:(assumed-role\/[\w+=,.@-]+|federated-user)\/[\w+=,.@:-]+)$/,
  "the ARN of a role, a user or a session, such as arn:aws:iam::123456789012:role/release-approvers",
  2_048,
);

const MANUAL: Fields<Omit<ManualGate, "kind">> = {
  name,
  approver: {
    required: true,
    schema: approver,
    example: "arn:aws:iam::123456789012:role/release-approvers",
  },
  expires: { required: true, schema: moment, example: "2026-03-01T18:00:00Z" },
};

/** Its kind says which other keys it has. */
export const readGate =
  (faults: Fault[]) =>
  (element: unknown, path: Path): Gate | undefined => {
    const before = faults.length;
    const of = isRecord(element) ? readField(element["kind"], [...path, "kind"], kind, faults) : "manual";
    const read = of && readKind(of, element, path, faults);
    return faults.length > before ? undefined : read;
  };

function readKind(of: Gate["kind"], element: unknown, path: Path, faults: Fault[]): Gate {
  // Faults of single values are told as well; whoever called drops what has any.
  if (of === "manual")
    return { kind: of, ...readFields(element, path, MANUAL, faults, ["kind"]) } as ManualGate;
  if (of === "command") {
    const read = readFields(element, path, COMMAND, faults, ["kind"]);
    return { kind: of, timeoutSeconds: TIMEOUT_SECONDS, ...read } as CommandGate;
  }
  const read = readFields(element, path, METRIC, faults, ["kind"]);
  const { atLeast, atMost } = read;
  const limited = isRecord(element) && LIMITS.some((name) => name in element);
  if (isRecord(element) && !limited) {
    const allowed = `one of ${LIMITS.join(", ")} at least: a figure without a limit judges nothing`;
    faults.push({ path: format(path), found: element, allowed, remedy: set([...path, "atMost"], 0) });
  }
  if (atLeast !== undefined && atMost !== undefined && atLeast > atMost) {
    const allowed = `${atLeast} or more, as atLeast says`;
    faults.push({
      path: format([...path, "atMost"]),
      found: atMost,
      allowed,
      remedy: set([...path, "atMost"], atLeast),
    });
  }
  return { kind: of, ...read } as MetricGate;
}
