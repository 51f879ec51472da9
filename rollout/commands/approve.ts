import { ATTEMPTS } from "../../cloud/client";
import { nowIso } from "../../cloud/clock";
import { Identity } from "../../cloud/identity";
import { Parameters } from "../../cloud/parameters";
import { type Approval, approvalParameter, isApprover } from "../../model/approval";
import type { Flag } from "../../model/flags/flag";
import type { Recorded } from "../../model/release";
import type { ManualGate } from "../../model/rollout/gate";
import { type Plan, stepAt } from "../../model/rollout/plan";
import type { Settings } from "../../model/settings";
import { Engine } from "../engine";
import { EXIT, type ExitCode } from "../exit";
import { UnobservedError, UsageError, reasonOf } from "../failure";
import { atGate } from "../reconcile/gates";
import { noSuchFlag } from "../flags/missing";
import { settingsOf } from "../settingsOf";
import { stackSubject } from "../subject";
import type { Terminal } from "../terminal";
import { wrapped } from "../wrapped";

export interface ApproveOptions {
  readonly stack: string;
  readonly reason: string;
  /** The flag whose way the gate is on. Absent: the candidate's. */
  readonly flag?: string;
  readonly json?: boolean;
}

/**
 * Gives one's word for a manual gate of the step that the release is at.
 *
 * @returns 3 where it is not the caller's to give, or comes too late
 * @throws UsageError where the step has no such gate; UnobservedError where somebody could not be asked
 */
export async function approve(gate: string, options: ApproveOptions, terminal: Terminal): Promise<ExitCode> {
  const { reason, flag } = options;
  if (!/^[^\u0000-\u001f\u007f]{1,500}$/.test(reason) || reason.trim() === "") {
    throw new UsageError(
      "--reason: allowed is one line of at most 500 characters, for whoever reads it later",
    );
  }
  const { app, environment, region, project, stack } = stackSubject(terminal.folder, options.stack);
  const settings = settingsOf(stack);
  const { plan } = flag === undefined ? settings : flagIn(settings, flag);
  const [state, by] = await Promise.all([
    recordedIn(new Engine(project.folder, stack.name), stack.name),
    callerIn(region),
  ]);
  const { colour, version, share } = atGate(state, flag);
  if (version === undefined) throw new UsageError(`${colour} runs nothing, so nothing waits for an approval`);
  const who = flag === undefined ? `${colour} ${version}` : version;
  const asked = gateOf(plan, share, gate);
  const at = nowIso();
  const approval: Approval = { gate, version, share, by, at, reason };
  const refused = refusal(asked, approval);
  const parameter = approvalParameter(app, environment, gate, flag);
  if (refused === undefined) await put(region, parameter, approval);
  if (options.json) {
    const told = { schema: 1, stack: stack.name, approved: refused === undefined, approval };
    terminal.print(JSON.stringify({ ...told, ...(refused !== undefined && { refused }) }, null, 2));
  } else {
    const text = refused ?? `${by} approved that ${who} leaves ${share} %, by gate ${gate}`;
    for (const line of wrapped(text, 80)) terminal.print(line);
  }
  return refused === undefined ? EXIT.done : EXIT.held;
}

function flagIn({ flags }: Settings, name: string): Flag {
  const found = flags[name];
  if (found) return found;
  throw noSuchFlag(name, Object.keys(flags));
}

async function recordedIn(engine: Engine, stack: string): Promise<Recorded> {
  const { recorded } = await observed("the state", engine.state());
  if (recorded) return recorded;
  throw new UsageError(`the state has no release yet; deploy it: pulumi up -s ${stack}`);
}

/** By AWS's word alone: what this machine says of itself approves nothing. */
const callerIn = (region: string): Promise<string> => observed("who calls", new Identity(region).caller());

async function observed<Value>(what: string, looking: Promise<Value>): Promise<Value> {
  try {
    return await looking;
  } catch (error) {
    throw new UnobservedError(`nothing is approved: ${what} could not be observed: ${reasonOf(error)}`);
  }
}

/** The manual gate of that name which the release has to pass next. */
function gateOf(plan: Plan, share: number, name: string): ManualGate {
  const step = stepAt(plan, share);
  const manual = step.gates.filter((gate) => gate.kind === "manual");
  const found = manual.find((gate) => gate.name === name);
  if (found) return found;
  const elsewhere = plan.steps.filter(({ gates }) => gates.some((gate) => gate.name === name));
  const known = manual.map((gate) => gate.name).join(", ") || "none";
  throw new UsageError(
    `found gate ${name}; the manual gates of the step at ${step.share} % are: ${known}` +
      (elsewhere.length > 0
        ? `; the plan has one of that name at ${elsewhere.map(({ share: at }) => `${at} %`).join(", ")}`
        : ""),
  );
}

function refusal({ approver, expires, name }: ManualGate, { by, at }: Approval): string | undefined {
  if (!isApprover(by, approver)) return `not approved: you are ${by}, and gate ${name} is ${approver}'s`;
  return Date.parse(expires) <= Date.parse(at)
    ? `not approved: gate ${name} waited until ${expires}, and it is ${at}; set another time in sluice:plan`
    : undefined;
}

async function put(region: string, name: string, approval: Approval): Promise<void> {
  try {
    await new Parameters(region, ATTEMPTS.insisting).put(name, JSON.stringify(approval));
  } catch (error) {
    throw new UnobservedError(`nothing is approved: ${name} could not be written: ${reasonOf(error)}`);
  }
}
