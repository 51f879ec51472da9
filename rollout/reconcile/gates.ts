import { Parameters } from "../../cloud/parameters";
import { queryNumber } from "../../cloud/prometheus";
import { approvalParameter, irrelevance, parseApproval } from "../../model/approval";
import { type Colour, type Recorded, otherColour } from "../../model/release";
import type { CommandGate, Gate, GateAnswer, ManualGate, MetricGate } from "../../model/rollout/gate";
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
  /** What runs: the candidate's version and share are in it. */
  readonly state: Recorded;
}

/** The release that a gate is about to let go on. */
export interface AtGate {
  /** The candidate's. */
  readonly colour: Colour;
  /** Absent: nothing runs there. */
  readonly version?: string;
  /** Its share in percent, by which its step is told. */
  readonly share: number;
}

/** Which version stands at which share. */
export function atGate(state: Recorded): AtGate {
  const colour = otherColour(state.release.live);
  const { version } = state.release[colour];
  return { colour, ...(version !== undefined && { version }), share: leastOf(state, colour) };
}

/** Asks a gate, and waits for its answer. It never throws: what could not be asked is told. */
export async function askGate(gate: Gate, context: GateContext): Promise<Seen<GateAnswer>> {
  try {
    if (gate.kind === "metric") return await askMetric(gate);
    return gate.kind === "command" ? await askCommand(gate, context) : await askApproval(gate, context);
  } catch (error) {
    return { unseen: `it could not be asked: ${reasonOf(error)}` };
  }
}

async function askMetric({ query }: MetricGate): Promise<Seen<GateAnswer>> {
  const seen = await queryNumber(query);
  return "unseen" in seen ? seen : { value: { kind: "metric", ...seen.value } };
}

/** Who is judged is in its environment, for it cannot know otherwise. */
async function askCommand(
  gate: CommandGate,
  { subject, folder, state }: GateContext,
): Promise<Seen<GateAnswer>> {
  const { colour, version, share } = atGate(state);
  const env = {
    SLUICE_APP: subject.app,
    SLUICE_ENVIRONMENT: subject.environment,
    SLUICE_STACK: subject.stack?.name ?? "",
    SLUICE_COLOUR: colour,
    SLUICE_VERSION: version ?? "",
    SLUICE_SHARE: String(share),
  };
  const ended = await runCommand(gate, { folder, env });
  if ("unseen" in ended) return ended;
  return { value: { kind: "command", ...ended.value, at: new Date().toISOString() } };
}

/** Whoever it is of: whether he may give it is judged with the answer. */
async function askApproval(
  { name, approver }: ManualGate,
  { subject, state }: GateContext,
): Promise<Seen<GateAnswer>> {
  const { app, environment, region, stack } = subject;
  const parameter = approvalParameter(app, environment, name);
  const found = await new Parameters(region).read(parameter);
  const { version = "", share } = atGate(state);
  const asked = { gate: name, version, share };
  if (!found) {
    const command = `sluice approve ${name} -s ${stack?.name ?? "STACK"} --reason REASON`;
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
