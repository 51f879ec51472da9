import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Readable, Writable } from "node:stream";

/** How Chromium and its like are called; `SLUICE_CHROMIUM` names another. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Time to start in, in milliseconds: a first start on a busy machine takes long. */
const PATIENCE = 60_000;

/** An event of the DevTools protocol. */
export interface Event {
  readonly method: string;
  readonly params: Record<string, unknown>;
}

/** How a page is looked at. */
export interface Look {
  /** Pixels. */
  readonly width: number;
  readonly scheme: "light" | "dark";
}

/** A page in a real browser. */
export interface Tab {
  /** What happened in it so far: requests, what the console says, exceptions. */
  readonly events: readonly Event[];
  look(look: Look): Promise<void>;
  /** The value of an expression, evaluated in the page. */
  value<T>(expression: string): Promise<T>;
  /** The whole page as PNG. */
  picture(): Promise<Buffer>;
}

/** A running Chromium. It ends with this process, however that ends: the pipe between them closes. */
export interface Chromium {
  open(url: string): Promise<Tab>;
  stop(): Promise<void>;
}

/** @throws Error with what mends it, where there is no Chromium or it does not start */
export async function startChromium(): Promise<Chromium> {
  const command = found();
  const profile = await mkdtemp(join(tmpdir(), "sluice-chromium-"));
  const flags = ["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars"];
  // Its sandbox needs what containers rarely grant, and the only page that it is shown is ours.
  const child = spawn(
    command,
    [...flags, "--no-sandbox", "--no-first-run", "--remote-debugging-pipe", `--user-data-dir=${profile}`],
    { stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"] },
  );
  const pipe = new Pipe(child);
  const stop = async () => {
    await pipe.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    await pipe.call("Browser.getVersion");
  } catch (error) {
    await stop();
    throw error;
  }
  return { open: (url) => open(pipe, url), stop };
}

function found(): string {
  const { PATH = "", SLUICE_CHROMIUM } = process.env;
  if (SLUICE_CHROMIUM) return SLUICE_CHROMIUM;
  for (const name of NAMES) {
    const path = PATH.split(delimiter).find((folder) => existsSync(join(folder, name)));
    if (path !== undefined) return join(path, name);
  }
  throw new Error(
    `none of ${NAMES.join(", ")} is on PATH; install one (Debian: apt-get install chromium), ` +
      "or name it in SLUICE_CHROMIUM",
  );
}

async function open(pipe: Pipe, url: string): Promise<Tab> {
  const { targetId } = await pipe.call<{ targetId: string }>("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await pipe.call<{ sessionId: string }>("Target.attachToTarget", {
    targetId,
    flatten: true,
  });
  const events: Event[] = [];
  const call = <T>(method: string, params?: object) => pipe.call<T>(method, params, sessionId);
  const loaded = new Promise<void>((resolve) => {
    pipe.listen(sessionId, (event) => {
      events.push(event);
      if (event.method === "Page.loadEventFired") resolve();
    });
  });
  for (const domain of ["Page", "Network", "Log", "Runtime"]) await call(`${domain}.enable`);
  await call("Page.navigate", { url });
  await loaded;
  return {
    events,
    look: async ({ width, scheme }) => {
      const metrics = { width, height: 800, deviceScaleFactor: 1, mobile: width < 600 };
      await call("Emulation.setDeviceMetricsOverride", metrics);
      await call("Emulation.setEmulatedMedia", {
        features: [{ name: "prefers-color-scheme", value: scheme }],
      });
    },
    value: async <T>(expression: string) => {
      const answer = await call<{ result: { value: T }; exceptionDetails?: unknown }>("Runtime.evaluate", {
        expression,
        returnByValue: true,
        awaitPromise: true,
      });
      if (answer.exceptionDetails) throw new Error(JSON.stringify(answer.exceptionDetails));
      return answer.result.value;
    },
    picture: async () => {
      const { data } = await call<{ data: string }>("Page.captureScreenshot", {
        captureBeyondViewport: true,
      });
      return Buffer.from(data, "base64");
    },
  };
}

interface Message {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** The DevTools protocol over pipes: JSON, each message ended by a zero byte. */
class Pipe {
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, (event: Event) => void>();
  readonly #ended: Promise<void>;
  #last = 0;
  #said = "";

  constructor(private readonly child: ChildProcess) {
    child.stderr?.on("data", (data: Buffer) => (this.#said = (this.#said + data.toString()).slice(-2000)));
    this.#ended = new Promise((resolve) => {
      const end = (how: unknown) => {
        for (const { reject } of this.#waiting.values()) {
          reject(new Error(`chromium ended (${String(how)}); it said:\n${this.#said}`));
        }
        resolve();
      };
      child.once("error", end).once("close", (code, signal) => end(code ?? signal));
    });
    (child.stdio[3] as Writable).on("error", () => undefined);
    let rest = Buffer.alloc(0);
    (child.stdio[4] as Readable).on("data", (data: Buffer) => {
      rest = Buffer.concat([rest, data]);
      for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
        this.#take(JSON.parse(rest.subarray(0, end).toString()) as Message);
        rest = rest.subarray(end + 1);
      }
    });
  }

  call<T = unknown>(method: string, params: object = {}, sessionId?: string): Promise<T> {
    const id = (this.#last += 1);
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      const late = () => reject(new Error(`chromium did not answer ${method} within ${PATIENCE / 1000} s`));
      setTimeout(late, PATIENCE).unref();
    });
    (this.child.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return answer.finally(() => this.#waiting.delete(id)) as Promise<T>;
  }

  listen(sessionId: string, listener: (event: Event) => void): void {
    this.#listeners.set(sessionId, listener);
  }

  async close(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.#ended;
  }

  #take({ id, sessionId = "", method, params = {}, result, error }: Message): void {
    if (method !== undefined) this.#listeners.get(sessionId)?.({ method, params });
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (error) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result);
  }
}
