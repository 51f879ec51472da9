import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { setTimeout as pause } from "node:timers/promises";
import { parseDocument } from "yaml";
import { formatFlag } from "../../model/flags/value";
import type * as Configuration from "../configuration";
import type * as EngineModule from "../engine";
import { EXIT, type ExitCode } from "../exit";
import { UsageError, reasonOf } from "../failure";
import type * as Follow from "../flags/follow";
import { codeOf, finish } from "../flags/outcome";
import type * as Published from "../flags/published";
import { KillSwitch } from "../flags/switch";
import type * as Converge from "../rollback/converge";
import { Journal } from "../rollback/journal";
import { wholeNumber } from "../rollback/options";
import type * as SettingsOf from "../settingsOf";
import { type Named, type StackSubject, type Subject, namedSubject, stackSubject } from "../subject";
import type { Terminal } from "../terminal";

export interface DisableOptions extends Named {
  readonly stack?: string;
  readonly reason: string;
  readonly writeOnly?: boolean;
  /** Seconds. */
  readonly wait: string;
  readonly json?: boolean;
}

/** What comes after the switch is read then. */
const load = createRequire(__filename);

/** How often, and after how many milliseconds, the parameter is looked at where nobody tells when an update has ended. */
const LOOKS = 3;
const EVERY = 1_000;

/**
 * The kill switch: the parameter first, then configuration, then the state. Each part looks at what is there and does
 * what is missing, so a call that was killed is called again.
 *
 * @throws UsageError where there is no such flag; UnobservedError where its parameter cannot be seen
 */
export async function disable(name: string, options: DisableOptions, terminal: Terminal): Promise<ExitCode> {
  const journal = new Journal(terminal, options.json === true);
  const reason = options.reason.trim();
  if (reason === "") throw new UsageError("--reason: found nothing; say why, for whoever reads the history");
  const waitSeconds = wholeNumber("--wait", options.wait, 86_400);
  const stack = options.stack === undefined ? undefined : stackSubject(terminal.folder, options.stack);
  const subject = stack ?? namedSubject(options);
  const isDeclared = stack !== undefined && declares(stack.stack.text, name);
  const off = new KillSwitch(subject, name, journal, () =>
    isDeclared ? configuredOff(stack, name) : undefined,
  );
  let first = await off.turnOff();
  if (first === "absent" && (await wasMade(name, subject, isDeclared ? stack : undefined))) {
    journal.tell(`${name} has no parameter any more, and applications keep what they read last`);
    first = await off.makeAnew();
  }
  let switched = first;
  let elapsed = journal.elapsed();
  if (switched === "absent" && !isDeclared) throw await off.missing();
  if (switched === "already") journal.tell(`${name} is disabled already`);
  if (switched === "absent") journal.tell(`${name} has no parameter yet: nobody has it`);
  // Somebody's update may turn it on again. How the last look ended counts; while nothing is new, how the first one did.
  const again = async (): Promise<void> => {
    const became = await off.keepOff();
    if (became === "disabled" && switched !== "disabled") elapsed = journal.elapsed();
    const isNews = became === "disabled" || became === "failed" || first === "failed";
    switched = isNews ? became : first;
  };
  const settle = async (): Promise<void> => {
    for (let looks = 0; looks < LOOKS; looks += 1) {
      await pause(EVERY);
      await again();
    }
  };
  const end = async (code: ExitCode, state: string): Promise<ExitCode> => {
    if (state !== "updated") await settle();
    if (!options.json && switched === "disabled") terminal.print(`${name} disabled after ${elapsed} ms`);
    const more = {
      reason,
      switched,
      ...(switched === "disabled" && { disabledAfterMilliseconds: elapsed }),
      state,
    };
    const worse = switched === "failed" && code === EXIT.done ? EXIT.drift : code;
    return finish(worse, {
      ...{ subject, stack: options.stack, flag: name, journal, terminal },
      json: options.json,
      more,
    });
  };
  if (!isDeclared) {
    if (stack) journal.tell(`${stack.stack.path} does not declare ${name}: configuration stays as it is`);
    return end(EXIT.done, "left");
  }
  const text = write(stack, name, journal);
  if (text === undefined) return end(EXIT.drift, "failed");
  if (options.writeOnly) return end(EXIT.done, "left");
  const { Engine } = load("../engine") as typeof EngineModule;
  const { follow } = load("../flags/follow") as typeof Follow;
  const converged = await follow({
    ...{ engine: new Engine(stack.project.folder, stack.stack.name), path: stack.stack.path, text },
    ...{ journal, waitSeconds, message: `flags disable ${name}: ${reason}` },
    meanwhile: again,
  });
  return end(codeOf(converged), converged);
}

/**
 * Whether an update has ever made the parameter, by what the stack publishes and by its state. Where nobody can say of a
 * declared flag, it counts as made: what is turned off once too often costs less.
 *
 * @param stack absent: the flag is not declared, or there is no project
 */
async function wasMade(name: string, subject: Subject, stack: StackSubject | undefined): Promise<boolean> {
  const { publishedNames } = load("../flags/published") as typeof Published;
  const published = await publishedNames(subject);
  if ("value" in published && published.value.includes(name)) return true;
  if (!stack) return false;
  try {
    const { Engine } = load("../engine") as typeof EngineModule;
    const { isMade } = load("../flags/follow") as typeof Follow;
    return isMade(name, await new Engine(stack.project.folder, stack.stack.name).state());
  } catch {
    return true;
  }
}

/** Its other settings are not judged: a kill switch must not wait for that. */
const declares = (text: string, name: string): boolean =>
  parseDocument(text).getIn(["config", "sluice:flags", name]) !== undefined;

/** What configuration says of the flag, but off; undefined where it is at fault. */
function configuredOff({ stack }: StackSubject, name: string): string | undefined {
  try {
    const { settingsOf } = load("../settingsOf") as typeof SettingsOf;
    const flag = settingsOf(stack).flags[name];
    return flag && formatFlag({ ...flag, enabled: false });
  } catch {
    return undefined;
  }
}

/** @returns the stack file's text; undefined where it could not be written */
function write({ stack: { path } }: StackSubject, name: string, journal: Journal): string | undefined {
  try {
    const { editConfiguration } = load("../configuration") as typeof Configuration;
    const { replaceFile } = load("../rollback/converge") as typeof Converge;
    const before = readFileSync(path, "utf8");
    const text = editConfiguration(before, { [`sluice:flags.${name}.enabled`]: false });
    if (text === before) journal.tell(`${path} asks for it already`);
    else {
      replaceFile(path, text);
      journal.did("write", `${path}: sluice:flags.${name}.enabled false`);
    }
    return text;
  } catch (error) {
    journal.tell(`configuration is NOT changed: ${reasonOf(error)}`);
    return undefined;
  }
}
