import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join, relative } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { findEngine } from "../../rehearsal/engine/find";
import { openStack } from "../../rehearsal/engine/workspace";
import { environmentOf, startCloud } from "../../rehearsal/cloud/start";
import { PROJECT, type Probed } from "./fixture";
import { type Running, start } from "./rollback-fixture";

/** A stack whose provider answers late, so that an update can be caught in the midst of what it does. */
export interface SlowStack {
  readonly dir: string;
  readonly name: string;
  /** Starts a command as the engine's environment has it. */
  run(command: string, ...args: string[]): Running;
  /** What the program registers from now on. */
  set(resources: readonly Probed[]): Promise<void>;
  /** Waits until its state has an operation that has begun and not ended. */
  pending(): Promise<void>;
  /** The files of its locks. */
  locks(): Promise<string[]>;
  close(): Promise<void>;
}

/** Milliseconds by which each answer of the provider is late. */
const LATE = 800;

/** Milliseconds that an update takes at most until it creates something, on a machine that does other things too. */
const MOST = 60_000;

/** How often files are looked at, in milliseconds. */
const EVERY = 10;

export async function slowStack(): Promise<SlowStack> {
  const [engine, cloud, dir] = await Promise.all([
    findEngine(),
    startCloud(),
    mkdtemp(join(tmpdir(), "sluice-unlock-")),
  ]);
  const late = await lateProxy(cloud.address.providers["aws"] ?? 0);
  const resources = join(dir, "resources.json");
  const state = join(dir, "state");
  await mkdir(state);
  await writeFile(resources, "[]");
  const main = relative(dir, join(__dirname, "probe", "index.ts"));
  await writeFile(
    join(dir, "Pulumi.yaml"),
    `name: probe\nmain: ${main}\nruntime: { name: nodejs, options: { typescript: false, nodeargs: "-r ${join(PROJECT, "register.cjs")}" } }\n`,
  );
  const env = {
    ...environmentOf({ ...cloud.address, providers: { aws: late.port } }),
    AWS_REGION: "us-east-1",
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_HOME: join(dir, "home"),
    PULUMI_CONFIG_PASSPHRASE: "probe",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PROBE_RESOURCES: resources,
  };
  const name = "probe";
  await openStack({ engine, dir, stack: name, env });
  const path = [engine.path, process.env["PATH"] ?? ""].join(delimiter);
  const checkpoint = join(state, ".pulumi", "stacks", "probe", `${name}.json`);
  return {
    dir,
    name,
    run: (command, ...args) => start(command, args, dir, { ...process.env, ...env, PATH: path }),
    set: (all) => writeFile(resources, JSON.stringify(all)),
    pending: async () => {
      const end = performance.now() + MOST;
      while (!isCreating(await readFile(checkpoint, "utf8").catch(() => ""))) {
        if (performance.now() > end) throw new Error("nothing is pending in the state");
        await pause(EVERY);
      }
    },
    locks: async () => {
      const files = await readdir(join(state, ".pulumi", "locks"), { recursive: true }).catch(() => []);
      return files.filter((file) => file.endsWith(".json"));
    },
    close: async () => {
      await late.close();
      await cloud.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** Whether a state, which may be half written, says that a resource of the provider's is being created. */
function isCreating(checkpoint: string): boolean {
  try {
    const { latest } = (JSON.parse(checkpoint) as Checkpoint).checkpoint;
    return (latest.pending_operations ?? []).some(
      ({ type, resource: { urn } }) => type === "creating" && urn.includes("Parameter::"),
    );
  } catch {
    return false;
  }
}

interface Checkpoint {
  readonly checkpoint: {
    readonly latest: {
      readonly pending_operations?: readonly {
        readonly type: string;
        readonly resource: { readonly urn: string };
      }[];
    };
  };
}

/** A way to a port of this machine on which answers come late. */
async function lateProxy(to: number) {
  const open = new Set<{ destroy(): void }>();
  const server = createServer((asking) => {
    const answering = connect(to, "127.0.0.1");
    for (const [one, other] of [
      [asking, answering],
      [answering, asking],
    ] as const) {
      open.add(one);
      one.on("error", () => other.destroy()).on("close", () => other.destroy());
    }
    asking.pipe(answering);
    answering.on("data", (data) => setTimeout(() => asking.write(data), LATE));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const one of open) one.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
