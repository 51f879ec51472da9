import { statusOf } from "../../model/status";
import { EXIT, type ExitCode } from "../exit";
import { Engine } from "../engine";
import { reasonOf } from "../failure";
import { statusText } from "../statusText";
import { settingsOf } from "../settingsOf";
import { stackSubject } from "../subject";
import type { Terminal } from "../terminal";
import { valueOf } from "../../model/rollout/seen";
import { look } from "../world";

export interface StatusOptions {
  readonly stack: string;
  readonly json?: boolean;
}

/**
 * Prints a stack's release at a glance.
 *
 * @returns 6 where something could not be observed; what could be is shown all the same
 * @throws UsageError where the stack's settings are at fault
 */
export async function status(options: StatusOptions, terminal: Terminal): Promise<ExitCode> {
  const subject = stackSubject(terminal.folder, options.stack);
  const { project, stack } = subject;
  const settings = settingsOf(stack);
  const [world, state] = await Promise.all([look(subject), stateOf(new Engine(project.folder, stack.name))]);
  const unseen = [...world.unseen, ...state.unseen];
  const now = new Date().toISOString();
  const seen = statusOf({
    release: settings.release,
    limits: settings.limits,
    recorded: state.recorded,
    rules: valueOf(world.rules),
    targets: world.targets,
    fence: "value" in world.fence ? (world.fence.value ?? null) : undefined,
    now,
  });
  const { app, environment, region } = subject;
  terminal.print(
    options.json
      ? JSON.stringify(
          { schema: 1, stack: stack.name, app, environment, region, at: now, ...seen, unseen },
          null,
          2,
        )
      : statusText(
          { stack: stack.name, app, environment, region },
          seen,
          unseen,
          now,
          terminal.colours === true,
        ),
  );
  return unseen.length > 0 ? EXIT.unobserved : EXIT.done;
}

/** What the state has, or why nobody could see. A stack that was never deployed has nothing, and is seen. */
export async function stateOf(engine: Engine) {
  try {
    const { recorded } = await engine.state();
    return { recorded, unseen: [] };
  } catch (error) {
    return { recorded: undefined, unseen: [`the state could not be observed: ${reasonOf(error)}`] };
  }
}
