import { randomBytes } from "node:crypto";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { isMap, parseDocument, visit } from "yaml";
import { OWNER, type Patience, takeOver } from "./owner";

/** A copy of a stack's configuration that a rehearsal may change, with a backend and a key of its own. */
export interface WorkingCopy {
  readonly dir: string;
  readonly stack: string;
  /** What the engine needs in its environment to use this copy's state and key. */
  readonly env: Readonly<Record<string, string>>;
  /** The stack file's text. */
  read(): Promise<string>;
  write(text: string): Promise<void>;
  /** Lets another rehearsal of this stack begin. */
  release(): Promise<void>;
}

/** Where the rehearsal's own clients come from: the local load balancer's listeners are on loopback. */
const PREVIEW_SOURCES = ["127.0.0.0/8"];

/**
 * Makes a working copy anew from the project's configuration. The checkout stays as it is.
 *
 * @param dir default: `.sluice/<stack>` in the project
 * @param patience what to do about an earlier rehearsal that is ending
 * @throws Error where the stack has no file, or a rehearsal of it is running
 */
export async function makeWorkingCopy(
  project: string,
  stack: string,
  dir = join(project, ".sluice", stack),
  patience: Patience = {},
): Promise<WorkingCopy> {
  const source = await readFile(join(project, `Pulumi.${stack}.yaml`), "utf8").catch(() => {
    throw new Error(
      `there is no Pulumi.${stack}.yaml; stacks are the Pulumi.<stack>.yaml files of this folder`,
    );
  });
  const release = await takeOver(dir, stack, patience);
  for (const name of await readdir(dir)) {
    if (name !== OWNER) await rm(join(dir, name), { recursive: true, force: true });
  }
  await mkdir(join(dir, "state"));
  // Pulumi keeps a log of every call in this folder, which takes half of the engine's time: 3.0 s of a processor in place
  // of 6.4 s where dev does not change. Where the folder cannot be, it does without.
  await mkdir(join(dir, "home"), { mode: 0o700 });
  await writeFile(join(dir, "home", "logs"), "");

  const description = parseDocument(await readFile(join(project, "Pulumi.yaml"), "utf8"));
  description.set("main", join(relative(dir, project), "index.ts"));
  const nodeArgs = ["runtime", "options", "nodeargs"];
  description.setIn(
    nodeArgs,
    String(description.getIn(nodeArgs)).replace("./", () => `${quoted(project)}/`),
  );
  await writeFile(join(dir, "Pulumi.yaml"), description.toString());
  const stackFile = join(dir, `Pulumi.${stack}.yaml`);
  await writeFile(stackFile, rehearsed(source));
  const passphrase = join(dir, "passphrase");
  await writeFile(passphrase, randomBytes(24).toString("hex"), { mode: 0o600 });
  return {
    dir,
    stack,
    env: {
      PULUMI_BACKEND_URL: `file://${join(dir, "state")}`,
      PULUMI_CONFIG_PASSPHRASE_FILE: passphrase,
      // The user's own login and credentials stay out of it.
      PULUMI_HOME: join(dir, "home"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
    },
    read: () => readFile(stackFile, "utf8"),
    write: (text) => writeFile(stackFile, text),
    release,
  };
}

/** A path as one word of `nodeargs`, which are split as a shell does. */
const quoted = (path: string): string => path.replace(/[^\w/.-]/gu, "\\$&");

/** A stack file for the rehearsal: another key, so secrets that the real one encrypts are replaced. */
function rehearsed(text: string): string {
  const document = parseDocument(text);
  for (const key of ["secretsprovider", "encryptedkey", "encryptionsalt"]) document.delete(key);
  visit(document, {
    Map(_, node) {
      return isMap(node) && node.has("secure")
        ? document.createNode(randomBytes(16).toString("hex"))
        : undefined;
    },
  });
  // Behind CloudFront a secret decides, and not where a request comes from.
  if (!document.hasIn(["config", "sluice:zoneId"])) {
    document.setIn(["config", "sluice:previewSources"], document.createNode(PREVIEW_SOURCES, { flow: true }));
  }
  return document.toString({ lineWidth: 0 });
}
