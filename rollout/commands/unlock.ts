import { hostname } from "node:os";
import { type Clearance, type Held, clearance, mends } from "../../model/lock";
import { valueOf } from "../../model/rollout/seen";
import { EXIT, type ExitCode } from "../exit";
import { UnobservedError, reasonOf } from "../failure";
import { locksOf } from "../lock/lock";
import { pendingIn } from "../lock/pending";
import { processOf } from "../lock/process";
import { findProject, readStackFile } from "../project";
import type { Terminal } from "../terminal";
import { wrapped } from "../wrapped";

export interface UnlockOptions {
  readonly stack: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** A lock, whether it may be cleared, and whether it was. */
interface Judged extends Clearance {
  readonly lock: Held;
  readonly cleared: boolean;
}

/**
 * Clears the locks of a stack whose owner is provably dead, and no other, and says what the dead update left behind.
 *
 * @returns 7 where a lock is left
 * @throws UsageError where there is no such stack, UnobservedError where locks cannot be seen or removed
 */
export async function unlock(options: UnlockOptions, terminal: Terminal): Promise<ExitCode> {
  const { folder } = findProject(terminal.folder);
  const { name: stack } = readStackFile(findProject(terminal.folder), options.stack);
  const engine = { folder, stack };
  const [locks, pending] = await Promise.all([locksOf(engine), pendingIn(engine)]);
  if ("unseen" in locks) throw new UnobservedError(`nothing is cleared: ${locks.unseen}`);
  const { held, store } = locks.value;
  const judged: Judged[] = [];
  for (const lock of held) {
    const found = clearance(lock, await vicinity(lock));
    const cleared = found.isDead && !options.dryRun && lock.key !== undefined && store !== undefined;
    if (cleared) await removed(store.remove(lock.key));
    judged.push({ ...found, lock, cleared });
  }
  const isLocked = judged.some(({ isDead }) => !isDead);
  const left = valueOf(pending) ?? [];
  const mend = mends(stack, left);
  const code = isLocked ? EXIT.locked : EXIT.done;
  if (options.json) {
    const json = {
      ...{ schema: 1, stack, code, dryRun: options.dryRun === true },
      locks: judged.map(({ lock, isDead, why, cleared }) => ({ ...lock, isDead, why, cleared })),
      // What a living update has begun is its own affair.
      pending: isLocked ? null : (valueOf(pending) ?? null),
      ...{ mend: isLocked ? [] : mend, unseen: "unseen" in pending ? [pending.unseen] : [] },
    };
    terminal.print(JSON.stringify(json, null, 2));
    return code;
  }
  const tell = (text: string, indent = "") => {
    for (const line of wrapped(text, 80 - indent.length)) terminal.print(indent + line);
  };
  if (held.length === 0) tell(`${stack} is not locked`);
  for (const one of judged) told(one, stack, options, tell);
  if (isLocked) return code;
  if ("unseen" in pending) tell(`what is pending could not be seen: ${pending.unseen}`);
  if (left.length === 0) return code;
  tell("The state has operations that an update began, and of which it did not see the end:");
  for (const { urn, operation } of left) terminal.print(`  ${operation} ${urn}`);
  tell("Look whether they were done, then let the state know:");
  for (const line of mend) terminal.print(`  ${line}`);
  return code;
}

async function vicinity({ owner }: Held) {
  const host = hostname();
  // A process of another machine is not to be looked for here.
  const process = owner?.host === host ? await processOf(owner.pid) : { unseen: "it is not of this machine" };
  return { host, process };
}

async function removed(removing: Promise<void>): Promise<void> {
  try {
    await removing;
  } catch (error) {
    throw new UnobservedError(`the lock could not be removed: ${reasonOf(error)}`);
  }
}

function told(
  { lock, isDead, why, cleared }: Judged,
  stack: string,
  { dryRun }: UnlockOptions,
  tell: (text: string, indent?: string) => void,
): void {
  const { by = "somebody", owner } = lock;
  tell(`${stack} is locked by ${by}${owner ? ` since ${owner.since}` : ""}`);
  if (isDead) {
    tell(`${cleared ? "cleared" : dryRun ? "would be cleared" : "NOT cleared"}: ${why}`, "  ");
    return;
  }
  tell(`NOT cleared: ${why}`, "  ");
  const look = owner ? `on ${owner.host}: ps -o pid,lstart,command -p ${owner.pid}` : "with who updates it";
  tell(`look whether it still runs, ${look}`, "  ");
  tell(`only where it does not, a person may clear every lock: pulumi cancel -s ${stack}`, "  ");
}
