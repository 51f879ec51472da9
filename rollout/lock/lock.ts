import { type Held, parseLock } from "../../model/lock";
import type { Seen } from "../../model/rollout/seen";
import type { Lock } from "../../model/rollout/situation";
import type { Engine } from "../engine";
import { reasonOf } from "../failure";
import { findProject } from "../project";
import { backendOf } from "./backend";
import { bucketStore } from "./bucket";
import { called, complaint } from "./command";
import { type Store, folderStore } from "./store";

/** Where backends of one's own keep locks. */
const FOLDER = ".pulumi/locks";

/** Everything that holds a stack, and where it can be removed. */
export interface Locks {
  readonly held: readonly Held[];
  /** Absent where the backend is Pulumi's service, which has no files. */
  readonly store?: Store;
}

/** The first of {@link locksOf}: whether an update holds the stack. Nothing is changed, nor tried. */
export async function lockOf(engine: Engine): Promise<Seen<Lock | undefined>> {
  const locks = await locksOf(engine);
  return "value" in locks ? { value: locks.value.held[0] } : locks;
}

/** What holds a stack, the oldest first. It never throws. */
export async function locksOf({ folder, stack }: Pick<Engine, "folder" | "stack">): Promise<Seen<Locks>> {
  try {
    const url = await backendOf(folder);
    if (/^https?:/.test(url)) return { value: { held: await heldInService(folder, stack) } };
    const store = url.startsWith("file:") ? folderStore(url, folder) : bucketStore(url, folder);
    if (store) return { value: { held: await heldIn(store, folder, stack), store } };
    // An update says by itself that the stack is locked.
    return { unseen: `the backend ${new URL(url).protocol} does not show its locks` };
  } catch (error) {
    return { unseen: reasonOf(error) };
  }
}

/** In the layout by project, and in the older one without. */
async function heldIn(store: Store, folder: string, stack: string): Promise<Held[]> {
  const name = lastOf(stack);
  const project = stack.split("/").at(-2) ?? findProject(folder).name;
  const folders = [`${FOLDER}/organization/${project}/${name}`, `${FOLDER}/${name}`];
  const keys = (await Promise.all(folders.map((one) => store.list(one)))).flat();
  const held = await Promise.all(
    keys
      .filter((key) => key.endsWith(".json"))
      .map(async (key) => {
        const text = await store.read(key);
        return text === undefined ? [] : [parseLock(key, text)];
      }),
  );
  return held.flat().sort((one, other) => ageOf(one) - ageOf(other));
}

const ageOf = ({ owner }: Held): number => (owner ? Date.parse(owner.since) : 0);

/** Pulumi's service says that an update is in progress, and not whose. */
async function heldInService(folder: string, stack: string): Promise<Held[]> {
  const ended = await called("pulumi", ["stack", "ls", "--json", "--non-interactive"], folder);
  if (!ended) throw new Error("no pulumi on PATH");
  if (ended.code !== 0) throw new Error(`pulumi stack ls: ${complaint(ended)}`);
  const stacks = JSON.parse(ended.out) as { name: string; updateInProgress?: boolean }[];
  const found = stacks.find(({ name }) => name === stack || lastOf(name) === lastOf(stack));
  return found?.updateInProgress === true ? [{}] : [];
}

const lastOf = (stack: string): string => stack.split("/").at(-1) ?? stack;
