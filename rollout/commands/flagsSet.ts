import { readFileSync } from "node:fs";
import { nowIso } from "../../cloud/clock";
import { FLAG_SETTING_NAMES, type Flag, exposureOf } from "../../model/flags/flag";
import type { Recorded } from "../../model/release";
import { type Seen, valueOf } from "../../model/rollout/seen";
import { type ConfigurationEdit, editConfiguration } from "../configuration";
import { Engine } from "../engine";
import { EXIT, type ExitCode } from "../exit";
import { UsageError } from "../failure";
import { putFalls } from "../flags/act";
import { follow } from "../flags/follow";
import { type Held, judgeRise } from "../flags/judge";
import { type LiveFlag, liveFlag } from "../flags/live";
import { noSuchFlag } from "../flags/missing";
import { codeOf, finish } from "../flags/outcome";
import { type Converged, replaceFile } from "../rollback/converge";
import { Journal } from "../rollback/journal";
import { wholeNumber } from "../rollback/options";
import { settingsOf } from "../settingsOf";
import { stackSubject } from "../subject";
import type { Terminal } from "../terminal";
import { seen } from "../seen";

export interface SetOptions {
  readonly stack: string;
  readonly percentage?: string;
  readonly enable?: boolean;
  /** Each `name=value`. */
  readonly setting?: readonly string[];
  readonly anyway?: boolean;
  readonly writeOnly?: boolean;
  /** Seconds. */
  readonly wait: string;
  readonly json?: boolean;
}

/**
 * Changes a flag in configuration, as a person would, and updates it. A rise is judged before anything is written.
 *
 * @throws UsageError where an option or the settings are at fault, or there is no such flag
 */
export async function set(name: string, options: SetOptions, terminal: Terminal): Promise<ExitCode> {
  const edit = editOf(name, options);
  const waitSeconds = wholeNumber("--wait", options.wait, 86_400);
  const subject = stackSubject(terminal.folder, options.stack);
  const { path } = subject.stack;
  const journal = new Journal(terminal, options.json === true);
  const before = readFileSync(path, "utf8");
  const configured = settingsOf({ path, text: before }).flags;
  if (!configured[name]) throw noSuchFlag(name, Object.keys(configured));
  const text = editConfiguration(before, edit);
  const settings = settingsOf({ path, text });
  const end = (code: ExitCode, more: object = {}): ExitCode =>
    finish(code, { subject, stack: options.stack, flag: name, journal, terminal, json: options.json, more });

  const engine = new Engine(subject.project.folder, options.stack);
  const [state, live] = await Promise.all([seen(engine.state()), liveFlag(subject, name)]);
  const recorded = "value" in state ? state.value.recorded : undefined;
  const now = nowIso();
  const held = recorded ? judgeRise({ name, settings, recorded, live, now }) : [];
  if ("unseen" in state) {
    journal.tell(`the state could not be observed: ${state.unseen}`);
    if (!options.writeOnly && rises(configured[name], settings.flags[name])) {
      journal.tell("NOT set: nobody can tell whether it may rise; --write-only leaves that to the update");
      return end(EXIT.unobserved, { held: [state.unseen] });
    }
  }
  const standing = held.filter(({ anyway }) => !(anyway && options.anyway));
  if (standing.length > 0) {
    journal.tell(["NOT set:", ...standing.map(({ why }) => why)].join("\n"));
    if (standing.every(({ anyway }) => anyway)) journal.tell("all the same: the same command with --anyway");
    return end(heldCode(standing), { held: standing.map(({ why }) => why) });
  }
  const flag = settings.flags[name];
  const isMissed =
    flag !== undefined &&
    exposureOf(flag) < hadOf(live, recorded, name) &&
    (await putFalls([{ flag: name, value: flag, to: exposureOf(flag) }], subject, journal).failed).length > 0;
  const ended = (state: Converged): ExitCode =>
    end(isMissed && state !== "updated" ? EXIT.drift : codeOf(state), { state });
  if (text === before) journal.tell(`${path} asks for it already`);
  else {
    replaceFile(path, text);
    journal.did(
      "write",
      `${path}: ${Object.entries(edit)
        .map(([key, value]) => `${key} ${String(value)}`)
        .join(", ")}`,
    );
  }
  if (options.writeOnly) return ended("left");
  const converged = await follow({
    ...{ engine, path, text, journal, waitSeconds },
    state: "value" in state ? state.value : undefined,
    message: `flags set ${name}: ${Object.values(edit).map(String).join(", ")}`,
  });
  return ended(converged);
}

const rises = (before: Flag | undefined, after: Flag | undefined): boolean =>
  before !== undefined && after !== undefined && exposureOf(after) > exposureOf(before);

/** Drift needs another command first, so it counts before a gate, and what nobody could see before both. */
const heldCode = (held: readonly Held[]): ExitCode =>
  held.some(({ kind }) => kind === "unseen")
    ? EXIT.unobserved
    : held.some(({ kind }) => kind === "drift")
      ? EXIT.drift
      : EXIT.held;

/** Of the sessions that have it, in percent: by SSM, and by the state where that says nothing. */
function hadOf(live: Seen<LiveFlag | undefined>, recorded: Recorded | undefined, name: string): number {
  const means = valueOf(live)?.means;
  return means ? exposureOf(means) : (recorded?.flags?.[name]?.percentage ?? 0);
}

function editOf(name: string, { percentage, enable, setting = [] }: SetOptions): ConfigurationEdit {
  const edits: [string, unknown][] = [
    ...(enable ? [["enabled", true] as [string, unknown]] : []),
    ...(percentage === undefined
      ? []
      : [["rollout_percentage", wholeNumber("--percentage", percentage, 100)] as [string, unknown]]),
    ...setting.map(settingOf),
  ];
  if (edits.length === 0) {
    throw new UsageError("found nothing to set; allowed are --percentage, --enable and --setting NAME=VALUE");
  }
  return Object.fromEntries(edits.map(([key, value]) => [`sluice:flags.${name}.${key}`, value]));
}

function settingOf(text: string): [string, number] {
  const [key = "", value = "", ...rest] = text.split("=");
  const known = FLAG_SETTING_NAMES.find((one) => one === key);
  if (known && rest.length === 0 && /^\d+(\.\d+)?$/.test(value)) return [known, Number(value)];
  throw new UsageError(
    `--setting: found ${JSON.stringify(text)}; allowed is NAME=NUMBER with ${FLAG_SETTING_NAMES.join(" or ")}`,
  );
}
