import { nowIso } from "../../cloud/clock";
import type { Flag } from "../../model/flags/flag";
import { valueOf } from "../../model/rollout/seen";
import { EXIT, type ExitCode } from "../exit";
import { UnobservedError } from "../failure";
import { flagNames, liveFlags } from "../flags/live";
import { noSuchFlag } from "../flags/missing";
import { publishedNames } from "../flags/published";
import { type FlagView, detailLines, listLines, viewsOf } from "../flags/view";
import { settingsOf } from "../settingsOf";
import { type Named, type Subject, namedSubject, stackSubject } from "../subject";
import type { Terminal } from "../terminal";

export interface FlagsOptions extends Named {
  readonly stack?: string;
  readonly json?: boolean;
}

/**
 * Prints every flag of a stack, as configuration and SSM have it.
 *
 * @returns 0 where both say the same, 5 where they do not, 6 where SSM cannot be seen
 * @throws UsageError where settings are at fault; UnobservedError where nobody can tell which flags there are
 */
export async function list(options: FlagsOptions, terminal: Terminal): Promise<ExitCode> {
  const { subject, configured } = asked(options, terminal);
  const views = viewsOf(subject, await liveFlags(subject, await namesOf(subject, configured)), configured);
  const code = codeOf(views);
  if (options.json) print(terminal, subject, code, { flags: views.map(jsonOf) });
  else terminal.print(views.length === 0 ? "there are no flags" : listLines(views).join("\n"));
  return code;
}

/**
 * Prints all that is known of one flag.
 *
 * @returns as {@link list}
 * @throws likewise, and UsageError where there is no such flag
 */
export async function get(name: string, options: FlagsOptions, terminal: Terminal): Promise<ExitCode> {
  const { subject, configured } = asked(options, terminal);
  const flag = configured?.[name];
  const known = configured && (flag ? { [name]: flag } : {});
  const [view] = viewsOf(subject, await liveFlags(subject, [name]), known);
  if (!view?.configured && !view?.live && !view?.isUnseen) {
    throw noSuchFlag(name, await namesOf(subject, configured));
  }
  const code = codeOf([view]);
  if (options.json) print(terminal, subject, code, { flag: jsonOf(view) });
  else terminal.print(detailLines(view, nowIso()).join("\n"));
  return code;
}

/** @returns the stack, and what its configuration says; that is absent where there is no project to look at */
function asked(options: FlagsOptions, { folder }: Terminal): { subject: Subject; configured?: Flags } {
  if (options.stack === undefined) return { subject: namedSubject(options) };
  const subject = stackSubject(folder, options.stack);
  return { subject, configured: settingsOf(subject.stack).flags };
}

type Flags = Readonly<Record<string, Flag>>;

/** Those that configuration declares or the last update has published; without configuration, those that SSM has. */
async function namesOf(subject: Subject, configured: Flags | undefined): Promise<readonly string[]> {
  if (configured) {
    // That SSM cannot be seen is told of what is declared.
    const published = valueOf(await publishedNames(subject)) ?? [];
    return [...new Set([...Object.keys(configured), ...published])];
  }
  const names = await flagNames(subject);
  if ("value" in names) return names.value;
  throw new UnobservedError(`the flags could not be observed: ${names.unseen}`);
}

const codeOf = (views: readonly FlagView[]): ExitCode => {
  if (views.some(({ isUnseen }) => isUnseen)) return EXIT.unobserved;
  return views.some(({ differences }) => differences.length > 0) ? EXIT.drift : EXIT.done;
};

const jsonOf = ({ name, parameter, configured, live, differences }: FlagView) => ({
  ...{ name, parameter, configured: configured ?? null },
  live: live?.means ?? null,
  version: live?.version ?? null,
  writtenAt: live?.at ?? null,
  differences,
});

const print = (terminal: Terminal, { app, environment, region }: Subject, code: ExitCode, what: object) =>
  terminal.print(JSON.stringify({ schema: 1, app, environment, region, code, ...what }, null, 2));
