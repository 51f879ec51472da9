import { basename } from "node:path";
import { type Waiting, begunOnly, waitingFor } from "../../model/delivery/begun";
import { lastWhole, programOf } from "../../model/delivery/program";
import { waitingKeys } from "../../model/delivery/waiting";
import type { Action } from "../../model/rollout/action";
import { type Seen, valueOf } from "../../model/rollout/seen";
import { git } from "../delivery/git";
import { RECENT, changedSince } from "../delivery/program";
import { changedSecrets } from "../delivery/secrets";
import { configurationOf } from "../project";
import type { StackSubject } from "../subject";
import { seen } from "../seen";
import type { Observed } from "./observe";
import { isWhole } from "./whole";

/** What is done, and why not more: what an update of the whole stack would deploy that nobody has deployed before. */
export interface Begun {
  readonly action: Action;
  /** Each a sentence. Empty: nothing is kept back. */
  readonly waits: () => Promise<readonly string[]>;
}

/**
 * What is left of an action for whoever only goes on with what was deployed.
 *
 * @param flags what configuration gives flags that nobody has deployed, each a sentence
 */
export async function begun(
  action: Action,
  observed: Observed,
  flags: readonly string[] = [],
): Promise<Begun> {
  if (!("release" in action) || !isWhole(action, observed)) {
    return { action, waits: () => Promise.resolve([]) };
  }
  let found: Promise<readonly string[]> | undefined;
  const waits = () =>
    (found ??= waiting(observed).then((what) => [...flags, ...waitingFor(what, observed.stack.stack.name)]));
  // What goes back at the load balancer does so whatever the answer is, and history may take a minute.
  if (action.kind === "retreat" && action.moves.length > 0) return { action, waits };
  return { action: begunOnly(action, await waits(), valueOf(observed.situation.rules) ?? []), waits };
}

async function waiting({ engine, stack: subject }: Observed): Promise<Waiting> {
  const updates = await seen(engine.history(RECENT));
  if ("unseen" in updates) return { files: updates, keys: updates };
  const last = lastWhole(updates.value);
  const commit = last && programOf(last);
  const unknown = last
    ? `no commit is known to have the program of the update of ${last.startTime}`
    : `none of the last ${updates.value.length} updates is known to be of the whole stack`;
  if (!last || commit === undefined) return { files: { unseen: unknown }, keys: { value: [] } };
  const { project, stack } = subject;
  const { values, secret } = configurationOf(project, stack);
  const files = await changedSince(subject, commit);
  const secrets = await secretsSince(subject, commit, secret);
  const keys = waitingKeys(last.config ?? {}, values);
  return { files, keys: "unseen" in secrets ? secrets : { value: [...keys, ...secrets.value] } };
}

/** Of what is encrypted, by a commit's file. */
async function secretsSince(
  { project, stack }: StackSubject,
  commit: string,
  keys: readonly string[],
): Promise<Seen<readonly string[]>> {
  if (keys.length === 0) return { value: [] };
  const before = await seen(git(project.folder, "show", `${commit}:./${basename(stack.path)}`));
  return "unseen" in before ? before : { value: changedSecrets(before.value, stack.text, keys) };
}
