import { createRequire } from "node:module";
import type { Settings } from "../../model/settings";
import { Engine } from "../engine";
import { EXIT, type ExitCode } from "../exit";
import { UsageError, reasonOf } from "../failure";
import type * as Send from "../notify/send";
import type * as Text from "../notify/text";
import { wholeNumber } from "../rollback/options";
import { settingsOf } from "../settingsOf";
import { type Glance, glance } from "../status/glance";
import { type Shown, watching } from "../status/watch";
import { statusText } from "../statusText";
import { type StackSubject, stackSubject } from "../subject";
import type { Terminal } from "../terminal";

export interface StatusOptions {
  readonly stack: string;
  readonly json?: boolean;
  readonly watch?: boolean;
  /** Seconds. */
  readonly interval: string;
  readonly notify?: boolean;
}

/** Who is told is read where somebody is. */
const load = createRequire(__filename);

/**
 * Shows a stack's release at a glance, once or until somebody ends it, and tells it to whoever is to be told.
 *
 * @returns 6 where something could not be observed; what could be is shown all the same
 * @throws UsageError where the stack's settings are at fault
 */
export async function status(options: StatusOptions, terminal: Terminal): Promise<ExitCode> {
  const { watch = false, json = false, notify = false } = options;
  const seconds = wholeNumber("--interval", options.interval, 3_600, 1);
  if (watch && notify) throw new UsageError("--watch and --notify: allowed is one of them");
  const look = () => shownBy(options.stack, terminal);
  if (watch) return codeOf(await watching(look, { terminal, json, seconds }));
  const shown = await look();
  const failed = notify ? await told(shown) : [];
  terminal.print(json ? JSON.stringify({ ...shown.record(), failed }, null, 2) : shown.text());
  if (!json) for (const remark of failed) terminal.print(remark);
  return codeOf(shown);
}

const codeOf = (shown: Glance | undefined): ExitCode =>
  (shown?.unseen.length ?? 0) > 0 ? EXIT.unobserved : EXIT.done;

interface Looked extends Shown {
  readonly subject: StackSubject;
  readonly settings: Settings;
}

/** Configuration is read with each look: it may have been edited. */
async function shownBy(name: string, terminal: Terminal): Promise<Looked> {
  const subject = stackSubject(terminal.folder, name);
  const settings = settingsOf(subject.stack);
  const { app, environment, region, project } = subject;
  const place = { stack: subject.stack.name, app, environment, region };
  const found = await glance(subject, settings, new Engine(project.folder, place.stack));
  const { status: seen, unseen, remarks, at } = found;
  return {
    ...{ ...found, subject, settings },
    text: () => statusText(place, seen, { unseen, remarks, now: at, coloured: terminal.colours === true }),
    record: () => ({ schema: 1, ...place, at, ...seen, unseen, remarks }),
  };
}

/** @returns what did not work, a line each */
async function told({ subject, settings, status: seen, at }: Looked): Promise<string[]> {
  const { notifications } = settings;
  // No fault of whoever calls it by a schedule, for every stack.
  if (!notifications) {
    return [
      `not notified: ${subject.stack.path} has no sluice:notifications; set it: ` +
        `pulumi config set --path sluice:notifications.slack /sluice/${subject.app}/${subject.environment}/slack`,
    ];
  }
  const { send } = load("../notify/send") as typeof Send;
  const { summaryOf } = load("../notify/text") as typeof Text;
  try {
    const place = { ...subject, stack: subject.stack.name };
    return (await send(summaryOf(seen, place, at), notifications, subject)).remarks.map(
      (remark) => `not notified: ${remark}`,
    );
  } catch (error) {
    return [`not notified: ${reasonOf(error)}`];
  }
}
