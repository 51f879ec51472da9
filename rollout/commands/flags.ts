import { nowIso } from "../../cloud/clock";
import { EXIT, type ExitCode } from "../exit";
import { UnobservedError } from "../failure";
import { liveFlags } from "../flags/live";
import { noSuchFlag } from "../flags/missing";
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
 * @returns 0 where both say the same, 5 where they do not
 * @throws UsageError where settings are at fault; UnobservedError where SSM cannot be seen
 */
export async function list(options: FlagsOptions, terminal: Terminal): Promise<ExitCode> {
  const { subject, views } = await lookAt(options, terminal);
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
  const { subject, views } = await lookAt(options, terminal);
  const view = views.find((one) => one.name === name);
  if (!view)
    throw noSuchFlag(
      name,
      views.map((one) => one.name),
    );
  const code = codeOf([view]);
  if (options.json) print(terminal, subject, code, { flag: jsonOf(view) });
  else terminal.print(detailLines(view, nowIso()).join("\n"));
  return code;
}

async function lookAt(
  options: FlagsOptions,
  { folder }: Terminal,
): Promise<{ subject: Subject; views: FlagView[] }> {
  const stack = options.stack === undefined ? undefined : stackSubject(folder, options.stack);
  const subject = stack ?? namedSubject(options);
  const configured = stack && settingsOf(stack.stack).flags;
  const live = await liveFlags(subject);
  if ("unseen" in live) throw new UnobservedError(`the flags could not be observed: ${live.unseen}`);
  return { subject, views: viewsOf(subject, live.value, configured) };
}

const codeOf = (views: readonly FlagView[]): ExitCode =>
  views.some(({ differences }) => differences.length > 0) ? EXIT.drift : EXIT.done;

const jsonOf = ({ name, parameter, configured, live, differences }: FlagView) => ({
  ...{ name, parameter, configured: configured ?? null },
  live: live?.means ?? null,
  version: live?.version ?? null,
  writtenAt: live?.at ?? null,
  differences,
});

const print = (terminal: Terminal, { app, environment, region }: Subject, code: ExitCode, what: object) =>
  terminal.print(JSON.stringify({ schema: 1, app, environment, region, code, ...what }, null, 2));
