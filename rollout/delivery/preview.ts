import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { bakedBefore } from "../../cloud/baked";
import { nowIso } from "../../cloud/clock";
import { circumstances } from "../../model/circumstances";
import { estimateCost } from "../../model/cost";
import { comment } from "../../model/delivery/comment";
import { eventsIn } from "../../model/delivery/events";
import { isSettling } from "../../model/delivery/planned";
import { type PreviewFacts, type Previewed, factsOf } from "../../model/delivery/preview";
import type { Settings } from "../../model/settings";
import { Engine } from "../engine";
import { EXIT, type ExitCode } from "../exit";
import { UsageError } from "../failure";
import { packs } from "../packs";
import { settingsOf } from "../settingsOf";
import { stateOf } from "../stateOf";
import { type StackSubject, stackSubject } from "../subject";
import type { Terminal } from "../terminal";

export interface PreviewOptions {
  readonly stack: string;
  /** File for the comment. Default: it is printed. */
  readonly out?: string;
  /** File for the record, from which the comment can be made again. */
  readonly record?: string;
  /** What git calls the previewed text. */
  readonly commit?: string;
  /** Whether what really exists is looked at first, and any difference counts as drift. */
  readonly drift?: boolean;
  readonly json?: boolean;
}

/**
 * Previews a stack with both policy packs, and says what a reviewer must know.
 *
 * @returns 0 where it may be merged; 2 for a fault of settings, 3 where it is refused, 6 where the preview failed by
 *   anything else; with `drift` 5 where something would change
 * @throws UsageError where there is no such stack
 */
export async function preview(options: PreviewOptions, terminal: Terminal): Promise<ExitCode> {
  const subject = stackSubject(terminal.folder, options.stack);
  const facts = factsOf(await previewed(subject, options));
  const text = comment(facts);
  const file = (name: string) => resolve(terminal.folder, name);
  if (options.record !== undefined) await writeFile(file(options.record), JSON.stringify(facts, null, 2));
  if (options.out !== undefined) await writeFile(file(options.out), text);
  if (options.json) terminal.print(JSON.stringify(facts, null, 2));
  else if (options.out === undefined) terminal.print(text.trimEnd());
  else terminal.print(`${facts.stack}: ${facts.result}; the comment is in ${options.out}`);
  return codeOf(facts, options.drift === true);
}

/** Without it the engine knows no `--event-log`, by which Pulumi's own Automation API follows it. */
const EVENT_LOG = { PULUMI_DEBUG_COMMANDS: "true" };

/** Runs the engine, and gathers all that a comment is made from. @throws UsageError, NoEngineError */
export async function previewed(
  subject: StackSubject,
  { commit, drift = false }: Pick<PreviewOptions, "commit" | "drift">,
): Promise<Previewed> {
  const { project, stack } = subject;
  const engine = new Engine(project.folder, stack.name);
  const folder = await mkdtemp(join(tmpdir(), "sluice-preview-"));
  try {
    const log = join(folder, "events.jsonl");
    const [{ code, err }, state] = await Promise.all([
      engine.call(
        [
          ...["preview", "--suppress-progress", "--event-log", log],
          ...(drift ? ["--refresh"] : []),
          ...packs(subject),
        ],
        EVENT_LOG,
      ),
      stateOf(engine),
    ]);
    const settings = readable(subject);
    const baked = settings?.bakedIn && (await bakedBefore(settings.app, settings.bakedIn, subject.region));
    return {
      stack: stack.name,
      ...(commit !== undefined && { commit }),
      ...(settings &&
        state.unseen.length === 0 && {
          transition: {
            ...circumstances(settings),
            // As the program takes it: a preview that cannot read it tells so.
            ...(baked && { baked: baked === "unseen" ? ("unknown" as const) : baked }),
            ...{ from: state.recorded, to: settings.release, now: nowIso() },
          },
        }),
      events: eventsIn(await readFile(log, "utf8").catch(() => "")),
      ended: code === 0 ? "succeeded" : "failed",
      printed: err,
      ...(settings && { cost: estimateCost(settings, subject.region).total }),
      unseen: state.unseen,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Undefined where settings are at fault: the program says so, and the comment by it. */
function readable({ stack }: StackSubject): Settings | undefined {
  try {
    return settingsOf(stack);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

function codeOf({ result, refusals, changes }: PreviewFacts, drift: boolean): ExitCode {
  switch (result) {
    case "refused":
      return refusals.every(({ layer }) => layer === "settings") ? EXIT.usage : EXIT.held;
    case "failed":
      return EXIT.unobserved;
    default:
      return drift && !changes.every(isSettling) ? EXIT.drift : EXIT.done;
  }
}
