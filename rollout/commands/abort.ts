import { readFileSync } from "node:fs";
import { parseDocument } from "yaml";
import { standsStill } from "../../model/rollout/outlook";
import { valueOf } from "../../model/rollout/seen";
import { sceneOf } from "../../model/rollout/situation";
import { Engine } from "../engine";
import { editConfiguration } from "../configuration";
import { EXIT, type ExitCode } from "../exit";
import { UsageError } from "../failure";
import { unlooked } from "../reconcile/observe";
import { replaceFile } from "../rollback/converge";
import { settingsOf } from "../settingsOf";
import { stackSubject } from "../subject";
import type { Terminal } from "../terminal";
import { seen } from "../seen";
import { WIDTH, wrapped } from "../wrapped";

export interface AbortOptions {
  readonly stack: string;
  readonly reason: string;
  readonly json?: boolean;
}

/**
 * Holds the plan where it is, in configuration: no tick raises anything from then on, wherever it runs. Falls and
 * retreats go on.
 *
 * @throws UsageError where there is no reason, or the stack's settings are at fault
 */
export async function abort(options: AbortOptions, terminal: Terminal): Promise<ExitCode> {
  const reason = options.reason.trim();
  if (reason === "") throw new UsageError("--reason: found nothing; say why, for whoever goes on later");
  const { project, stack } = stackSubject(terminal.folder, options.stack);
  const settings = settingsOf(stack);
  const state = await seen(new Engine(project.folder, stack.name).state());
  const recorded = "value" in state ? { value: state.value.recorded } : state;
  const known = valueOf(recorded);
  // What the state does not tell is held all the same.
  const over = known && standsStill(sceneOf(unlooked(settings, recorded), known));
  const before = settings.plan.hold;
  const resume = `pulumi config rm --path 'sluice:plan.hold' -s ${stack.name}`;
  const say = (held: string | null, lines: readonly string[]): ExitCode => {
    const json = { schema: 1, stack: stack.name, code: EXIT.done, held, before: before ?? null, resume };
    terminal.print(options.json ? JSON.stringify(json, null, 2) : lines.join("\n"));
    return EXIT.done;
  };
  if (over !== undefined)
    return say(null, wrapped(`nothing is held, for nothing is under way: ${over}`, WIDTH));
  const text = held(readFileSync(stack.path, "utf8"), reason);
  // What the reader of settings refuses is not written.
  settingsOf({ path: stack.path, text });
  replaceFile(stack.path, text);
  return say(reason, [
    ...wrapped(`${stack.path}: sluice:plan.hold: ${reason}`, WIDTH),
    ...(before === undefined ? [] : wrapped(`It was held before: ${before}`, WIDTH)),
    "It counts where configuration is read from: commit it, where that is git.",
    "To go on again:",
    // A command is one line, to be copied.
    `  ${resume}`,
  ]);
}

/** The stack file's text with the hold in it, whichever way the plan is written. */
function held(text: string, reason: string): string {
  const plan: unknown = parseDocument(text).getIn(["config", "sluice:plan"]);
  return typeof plan === "string"
    ? editConfiguration(text, { "sluice:plan": { name: plan, hold: reason } })
    : editConfiguration(text, { "sluice:plan.hold": reason });
}
