import { nowIso } from "../../cloud/clock";
import { COLOURS, type Colour, type Recorded, otherColour } from "../../model/release";
import type { Settings } from "../../model/settings";
import { coldColour } from "../../model/trust";
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
  const recorded = await recordedIn(new Engine(project.folder, stack.name), stack.name);
  const { release } = recorded;
  const colour = named ?? newest(recorded, settings);
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

/** The colour that is not live, where anything runs there; else the live one. */
function newest(recorded: Recorded, { limits }: Settings): Colour {
  const { release } = recorded;
  const other = otherColour(release.live);
  const cold = coldColour({ from: recorded, to: release, limits, now: nowIso() });
  return release[other].version === undefined || cold === other ? release.live : other;
}

async function recordedIn(engine: Engine, stack: string): Promise<Recorded> {
  try {
    const { recorded } = await engine.state();
    if (recorded) return recorded;
  } catch (error) {
    throw new UnobservedError(`what runs could not be observed: ${reasonOf(error)}`);
  }
  throw new UsageError(`the state has no release yet; deploy it: pulumi up -s ${stack}`);
}
