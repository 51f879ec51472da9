import { spawn } from "node:child_process";
import { join } from "node:path";
import { branchOf } from "../../model/delivery/affected";
import {
  DispatchError,
  type Dispatched,
  type Dispatching,
  dispatchOf,
  queueOf,
} from "../../model/delivery/dispatch";
import { EXIT, type ExitCode } from "../exit";
import { UsageError } from "../failure";
import { findProject } from "../project";
import { settingsOf } from "../settingsOf";
import { stackSubject } from "../subject";
import type { Terminal } from "../terminal";
import { HOSTED, runnerOf, stacksOf } from "./affected";

export interface DispatchOptions {
  /** Says what would be done, for the jobs that follow, instead of doing it. */
  readonly plan?: boolean;
}

/** The command line, as this process was started. */
const SLUICE = join(__dirname, "..", "..", "bin", "sluice.js");

/**
 * Does what somebody chose in a workflow's form, which the environment tells: STACK, KIND, DEPLOYMENT_STRATEGY,
 * CANARY_PERCENTAGE, FORCE_ROLLBACK, ROLLBACK_TO and REASON.
 *
 * @returns as the command ends that it comes to; 0 where a release by the plan is held, which ticks go on with
 * @throws UsageError for a choice that there is not
 */
export async function dispatch(options: DispatchOptions, terminal: Terminal): Promise<ExitCode> {
  const { STACK: stack = "" } = process.env;
  const stacks = stacksOf(findProject(terminal.folder));
  const chosen = chosenFor(stack, stacks, terminal.folder);
  if (options.plan) {
    const [first, ...rest] = chosen.environments;
    const isRollback = chosen.queue !== queueOf(stack);
    terminal.print(
      JSON.stringify({
        schema: 1,
        command: ["sluice", ...chosen.arguments].join(" "),
        // Approved in before the last one; empty where there is one alone.
        approve: rest.length > 0 ? first : "",
        environment: rest.at(-1) ?? first,
        queue: chosen.queue,
        isRollback,
        // Traffic goes back at the load balancer, which needs no cluster, and no runner that has to start in the VPC.
        runner: isRollback ? HOSTED : runnerOf(stackSubject(terminal.folder, stack)),
        branch: branchOf(stackSubject(terminal.folder, stack).environment),
      }),
    );
    return EXIT.done;
  }
  terminal.print(`sluice ${chosen.arguments.join(" ")}`);
  const code = await called(chosen.arguments, terminal.folder);
  if (code !== EXIT.held || chosen.arguments[0] !== "run") return code;
  terminal.print(
    "held, as told above, which is no failure: the schedule's ticks look again whether it may go on",
  );
  return EXIT.done;
}

function chosenFor(stack: string, stacks: readonly string[], folder: string): Dispatched {
  const {
    KIND: kind = "",
    DEPLOYMENT_STRATEGY: deployment_strategy = "",
    CANARY_PERCENTAGE: canary_percentage = "",
    FORCE_ROLLBACK: force_rollback = "",
    ROLLBACK_TO: rollback_to = "",
    REASON: reason = "",
  } = process.env;
  const inputs = {
    ...{ stack, kind, deployment_strategy, canary_percentage },
    ...{ force_rollback, rollback_to, reason },
  };
  try {
    return dispatchOf(inputs, stacks, (name) => dispatchingIn(folder, name));
  } catch (error) {
    if (error instanceof DispatchError) throw new UsageError(error.message);
    throw error;
  }
}

function dispatchingIn(folder: string, name: string): Dispatching {
  const { release, bakedIn } = settingsOf(stackSubject(folder, name).stack);
  return { strategy: release.strategy, takesBaked: bakedIn !== undefined };
}

const called = (args: readonly string[], cwd: string): Promise<ExitCode> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [SLUICE, ...args], { cwd, stdio: "inherit" });
    child.once("error", reject);
    child.once("close", (code) => resolve((code ?? EXIT.unobserved) as ExitCode));
  });
