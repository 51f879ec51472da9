import { nowIso } from "../../cloud/clock";
import { Parameters } from "../../cloud/parameters";
import { queryNumber } from "../../cloud/prometheus";
import { approvalParameter, irrelevance, parseApproval } from "../../model/approval";
import { type Colour, type Recorded, otherColour } from "../../model/release";
import {
  type CommandGate,
  type Gate,
  type GateAnswer,
  type ManualGate,
  type MetricGate,
  isComparison,
} from "../../model/rollout/gate";
import type { Seen } from "../../model/rollout/seen";
import { leastOf } from "../../model/shares";
import { reasonOf } from "../failure";
import type { Subject } from "../subject";
import { runCommand } from "./command";

/** What a gate is asked about. */
export interface GateContext {
  /** With its stack, where it is one of a project. */
  readonly subject: Subject & { readonly stack?: { readonly name: string } };
  /** The project's, from which commands are called. */
  readonly folder: string;
  /** What runs: the candidate's version and share are in it, and each flag's. */
  readonly state: Recorded;
  /** The flag whose way it is on. Absent: it is on the candidate's. */
  readonly flag?: string;
}

/** What a gate is about to let go on: the release, or a flag. */
export interface AtGate {
  /** The candidate's. */
  readonly colour: Colour;
  /** Absent: nothing runs there. Of a flag `flag` and its name. */
  readonly version?: string;
  /** The candidate's share, or the flag's, in percent, by which its step is told. */
  readonly share: number;
  /** ISO time since which it has it. */
  readonly since: string;
}

/** Which version stands at which share; of a flag how many sessions have it. */
export function atGate(state: Recorded, flag?: string): AtGate {
  const colour = otherColour(state.release.live);
  if (flag !== undefined) {
    const { percentage = 0, since = state.since } = state.flags?.[flag] ?? {};
    return { colour, version: `flag ${flag}`, share: percentage, since };
  }
  const { version } = state.release[colour];
  const share = leastOf(state, colour);
  return { colour, ...(version !== undefined && { version }), share, since: state.since };
}

/** Asks a gate, and waits for its answer. It never throws: what could not be asked is told. */
export async function askGate(gate: Gate, context: GateContext): Promise<Seen<GateAnswer>> {
  try {
    if (gate.kind === "metric") return await askMetric(gate, atGate(context.state, context.flag));
    return gate.kind === "command" ? await askCommand(gate, context) : await askApproval(gate, context);
  } catch (error) {
    return { unseen: `it could not be asked: ${reasonOf(error)}` };
  }
}

async function askMetric(gate: MetricGate, { since }: AtGate): Promise<Seen<GateAnswer>> {
  const { query } = gate;
  const [seen, before] = await Promise.all([
    queryNumber(query),
    isComparison(gate) ? queryNumber(query, since) : undefined,
  ]);
  if ("unseen" in seen) return seen;
  if (before && "unseen" in before) return { unseen: `when the step began, at ${since}: ${before.unseen}` };
  return { value: { kind: "metric", ...seen.value, ...(before && { earlier: before.value.value }) } };
}

/** Who is judged is in its environment, for it cannot know otherwise. */
async function askCommand(
  gate: CommandGate,
  { subject, folder, state, flag }: GateContext,
): Promise<Seen<GateAnswer>> {
  const { share } = atGate(state, flag);
  const { colour, version } = atGate(state);
  const env = {
    SLUICE_APP: subject.app,
    SLUICE_ENVIRONMENT: subject.environment,
    SLUICE_STACK: subject.stack?.name ?? "",
    SLUICE_COLOUR: colour,
    SLUICE_VERSION: version ?? "",
    SLUICE_SHARE: String(share),
    SLUICE_FLAG: flag ?? "",
  };
  const ended = await runCommand(gate, { folder, env });
  if ("unseen" in ended) return ended;
  return { value: { kind: "command", ...ended.value, at: nowIso() } };
}

/** Whoever it is of: whether he may give it is judged with the answer. */
async function askApproval(
  { name, approver }: ManualGate,
  { subject, state, flag }: GateContext,
): Promise<Seen<GateAnswer>> {
  const { app, environment, region, stack } = subject;
  const parameter = approvalParameter(app, environment, name, flag);
  const found = await new Parameters(region).read(parameter);
  const { version = "", share } = atGate(state, flag);
  const asked = { gate: name, version, share };
  if (!found) {
    const about = flag === undefined ? "" : ` --flag ${flag}`;
    const command = `sluice approve ${name}${about} -s ${stack?.name ?? "STACK"} --reason REASON`;
    return { unseen: `${approver} has not approved ${version} at ${share} % yet: ${command}` };
  }
  const approval = approvalIn(found.value);
  if ("unseen" in approval) return { unseen: `${parameter}: ${approval.unseen}` };
  const why = irrelevance(approval.value, asked);
  if (why !== undefined) return { unseen: why };
  // When it was written, by AWS's clock: the approver's is nobody's here to set right.
  return { value: { kind: "manual", by: approval.value.by, at: found.at ?? approval.value.at } };
}

function approvalIn(text: string) {
  try {
    return { value: parseApproval(text) };
  } catch (error) {
    return { unseen: reasonOf(error) };
  }
}
