import { COLOURS, otherColour } from "../../model/release";
import { Engine } from "../engine";
import { EXIT, type ExitCode } from "../exit";
import { UnobservedError, UsageError, reasonOf } from "../failure";
import { validate as ask } from "../reconcile/validation";
import { settingsOf } from "../settingsOf";
import { stackSubject } from "../subject";
import type { Terminal } from "../terminal";
import { wrapped } from "../wrapped";

export interface ValidateOptions {
  readonly stack: string;
  readonly colour?: string;
  readonly json?: boolean;
}

/**
 * Asks a colour for its health by the preview header, and prints how it answered.
 *
 * @returns 0 where it passed, 3 where it failed, 6 where nothing shows that it was this colour that answered
 * @throws UsageError where there is no such colour, or nothing is deployed
 */
export async function validate(options: ValidateOptions, terminal: Terminal): Promise<ExitCode> {
  const named = COLOURS.find((one) => one === options.colour);
  if (options.colour !== undefined && !named) {
    throw new UsageError(`--colour: found ${options.colour}; allowed are ${COLOURS.join(", ")}`);
  }
  const subject = stackSubject(terminal.folder, options.stack);
  const { project, stack } = subject;
  const settings = settingsOf(stack);
  const release = await releaseIn(new Engine(project.folder, stack.name), stack.name);
  const colour = named ?? otherColour(release.live);
  const seen = await ask(subject, { settings, release, colour });
  const code = "unseen" in seen ? EXIT.unobserved : seen.value.outcome === "passed" ? EXIT.done : EXIT.held;
  if (options.json) {
    const found = "unseen" in seen ? { colour, outcome: "unseen", evidence: seen.unseen } : seen.value;
    terminal.print(JSON.stringify({ schema: 1, stack: stack.name, code, ...found }, null, 2));
  } else {
    const text =
      "unseen" in seen ? `not seen: ${seen.unseen}` : `${seen.value.outcome}: ${seen.value.evidence}`;
    for (const line of wrapped(text, 80)) terminal.print(line);
  }
  return code;
}

async function releaseIn(engine: Engine, stack: string) {
  try {
    const { recorded } = await engine.state();
    if (recorded) return recorded.release;
  } catch (error) {
    throw new UnobservedError(`what runs could not be observed: ${reasonOf(error)}`);
  }
  throw new UsageError(`the state has no release yet; deploy it: pulumi up -s ${stack}`);
}
