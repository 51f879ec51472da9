import {
  type Finding,
  fault,
  lockFinding,
  ok,
  outcomeOf,
  pendingFinding,
  unseen,
  warn,
} from "../../model/doctor";
import type { Settings } from "../../model/settings";
import type { Check } from "../doctor/check";
import { cloudChecks, identityChecks, prometheusFinding } from "../doctor/cloud";
import { environmentChecks } from "../doctor/environments";
import { notificationChecks } from "../doctor/notifications";
import { providerChecks } from "../doctor/providers";
import { backendFinding, engineFinding, nodeFinding, packsFinding } from "../doctor/tools";
import { EXIT, type ExitCode } from "../exit";
import { UsageError, reasonOf } from "../failure";
import { inTime } from "../inTime";
import { locksOf } from "../lock/lock";
import { pendingIn } from "../lock/pending";
import { type Project, findProject } from "../project";
import { settingsOf } from "../settingsOf";
import { type StackSubject, stackSubject } from "../subject";
import type { Terminal } from "../terminal";
import { wrapped } from "../wrapped";

export interface DoctorOptions {
  readonly stack?: string;
  readonly json?: boolean;
}

/** What a look may take, in seconds: longer is no answer. */
const PATIENCE = 20;

/** Widths of the columns, in characters; lines have 80. */
const COLUMNS = { level: 7, name: 13 } as const;

const EXITS = { sound: EXIT.done, faulty: EXIT.usage, unseen: EXIT.unobserved } as const;

/**
 * Looks at the set-up, all of it at once, and prints a line for each part with what mends it.
 *
 * @returns 0 where nothing is at fault, 2 where something is, 6 where something could only not be seen
 */
export async function doctor({ stack, json }: DoctorOptions, terminal: Terminal): Promise<ExitCode> {
  const found: { name: string; finding: Finding }[] = [];
  for (const { name, look } of checksOf(terminal.folder, stack).map(timed)) {
    const finding = await look;
    const before = found.find((one) => finding.isUnseen && one.finding.text === finding.text);
    found.push({ name, finding });
    const shown = before ? unseen(`as for ${before.name}`) : finding;
    if (!json) for (const line of linesOf(name, shown)) terminal.print(line);
  }
  const code = EXITS[outcomeOf(found.map(({ finding }) => finding))];
  if (json) {
    const checks = found.map(({ name, finding }) => ({ name, ...finding }));
    const head = { schema: 1, ...(stack !== undefined && { stack }), code };
    terminal.print(JSON.stringify({ ...head, checks }, null, 2));
  }
  return code;
}

const timed = ({ name, look }: Check): Check => ({
  name,
  look: inTime(look, PATIENCE).catch((error: unknown) => unseen(reasonOf(error))),
});

/** Every check, in the order in which one needs the other to be well. */
function checksOf(folder: string, stack: string | undefined): Check[] {
  const project = tried(() => findProject(folder));
  const tools = (within: string): Check[] => [
    { name: "node", look: Promise.resolve(nodeFinding()) },
    { name: "engine", look: engineFinding(within) },
  ];
  if ("unseen" in project) {
    return [...tools(folder), { name: "project", look: Promise.resolve(project.unseen) }, ...withoutStack()];
  }
  const { folder: root } = project.value;
  return [
    ...tools(root),
    { name: "backend", look: backendFinding(root) },
    { name: "policies", look: Promise.resolve(packsFinding(root)) },
    ...(stack === undefined ? withoutStack() : stackChecks(project.value, stack)),
    { name: "Prometheus", look: prometheusFinding() },
  ];
}

function withoutStack(): Check[] {
  const region = process.env["AWS_REGION"] ?? process.env["AWS_DEFAULT_REGION"];
  const finding =
    region === undefined ? warn("no AWS_REGION; a stack names its own: sluice doctor -s STACK") : ok(region);
  return [
    { name: "region", look: Promise.resolve(finding) },
    ...(region === undefined ? [] : identityChecks(region)),
  ];
}

function stackChecks({ folder }: Project, name: string): Check[] {
  const subject = tried(() => stackSubject(folder, name));
  if ("unseen" in subject) return [{ name: "settings", look: Promise.resolve(subject.unseen) }];
  const engine = { folder, stack: name };
  const { value } = subject;
  const settings = tried(() => settingsOf(value.stack));
  const { notifications, delivery } = "value" in settings ? settings.value : {};
  return [
    { name: "settings", look: Promise.resolve(settingsFinding(value, settings)) },
    { name: "region", look: Promise.resolve(regionFinding(value)) },
    ...cloudChecks(value),
    {
      name: "lock",
      look: locksOf(engine).then((locks) =>
        lockFinding(name, "value" in locks ? { value: locks.value.held } : locks),
      ),
    },
    { name: "state", look: pendingIn(engine).then((pending) => pendingFinding(name, pending)) },
    ...(notifications ? notificationChecks(notifications, value) : []),
    ...("value" in settings ? providerChecks(settings.value.providers, value) : []),
    ...(delivery ? environmentChecks(delivery, value) : []),
  ];
}

function settingsFinding({ app, environment }: StackSubject, settings: Tried<Settings>): Finding {
  if ("unseen" in settings) return settings.unseen;
  const { strategy, live } = settings.value.release;
  return ok(`${app}-${environment}, ${strategy}, ${live} is live`);
}

/** Other tools, the engine's provider among them, may ask the environment. */
function regionFinding({ region }: StackSubject): Finding {
  const other = process.env["AWS_REGION"];
  if (!other || other === region) return ok(region);
  return warn(`${region}, but AWS_REGION says ${other}`, `export AWS_REGION=${region}`);
}

/** What could be had, or why the caller's set-up is at fault. */
type Tried<Value> = { readonly value: Value } | { readonly unseen: Finding };

function tried<Value>(get: () => Value): Tried<Value> {
  try {
    return { value: get() };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { unseen: fault(error.message) };
  }
}

const LEVELS: Readonly<Record<Finding["level"], string>> = { ok: "ok", warn: "warn", fault: "FAULT" };

function linesOf(name: string, { level, text, mend }: Finding): string[] {
  const margin = " ".repeat(COLUMNS.level + COLUMNS.name);
  const width = 80 - margin.length;
  const [first = "", ...rest] = text.split("\n").flatMap((line) => wrapped(line.trim(), width));
  return [
    LEVELS[level].padEnd(COLUMNS.level) + name.padEnd(COLUMNS.name) + first,
    ...rest.map((line) => margin + line),
    // A command is one line, to be copied.
    ...(mend ?? "")
      .split("\n")
      .filter(Boolean)
      .map((line) => `${margin}→ ${line}`),
  ];
}
