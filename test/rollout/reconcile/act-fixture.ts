import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WeightedRules } from "../../../cloud/weightedRules";
import { type Recorded, greenAt } from "../../../model/release";
import type { Action } from "../../../model/rollout/action";
import { footprints } from "../../../model/settings";
import { editRelease, settingsIn } from "../../../rollout/configuration";
import { Engine, type State, type Updated } from "../../../rollout/engine";
import type { ExitCode } from "../../../rollout/exit";
import { act } from "../../../rollout/reconcile/act";
import { type Observed, unlooked } from "../../../rollout/reconcile/observe";
import { type Effect, Journal } from "../../../rollout/rollback/journal";
import { stackSubject } from "../../../rollout/subject";
import { putTagged } from "../../cloud/contract-tagged";
import { type PointedAt, REGION, pointAtEndpoint } from "../../cloud/readers-fixture";
import { STACK, scratch } from "../fixture";
import { recorded } from "../../model/fixtures";

/** The stack file of `app-dev`, with a tenth of the traffic on green. */
export const FILE = STACK.replace("voiceassist", "app")
  .replace("traffic: { blue: 100, green: 0 }", "traffic: { blue: 90, green: 10 } # percent")
  .replace("green: {}", 'green: { version: "2.4.0" }');

/** An engine that notes what is asked of it, and answers as it is told. */
export class Noted extends Engine {
  /** `all` or the URNs of each update, and its message. */
  readonly updates: (readonly [what: string, message: string])[] = [];
  /** Options of each update of everything. */
  readonly judges: (readonly string[])[] = [];
  answer: Updated = { outcome: "succeeded", said: "" };

  override update(urns: readonly string[], message: string): Promise<Updated> {
    return this.#note(urns.join(), message);
  }

  override updateAll(message: string, judges: readonly string[] = []): Promise<Updated> {
    this.judges.push(judges);
    return this.#note("all", message);
  }

  #note(what: string, message: string): Promise<Updated> {
    if (this.answer.outcome !== "locked") this.updates.push([what, message]);
    return Promise.resolve(this.answer);
  }
}

/** `app-dev` at the local endpoint, and a folder with its configuration. */
export interface Acts {
  readonly aws: PointedAt;
  readonly engine: Noted;
  /** What a decision was made from. */
  readonly observed: Observed;
  readonly state: Recorded;
  /** Effects so far. */
  readonly effects: Effect[];
  /** What was told. */
  readonly told: string[];
  act(action: Action, how?: Partial<Acting>): Promise<ExitCode>;
  text(): Promise<string>;
  write(text: string): Promise<void>;
  /** Green's share at the load balancer, in percent. */
  green(): Promise<number | undefined>;
  /** Lets somebody else's update hold the stack. */
  lock(): Promise<void>;
  close(): Promise<void>;
}

interface Acting {
  readonly writeOnly: boolean;
  readonly waits: () => Promise<readonly string[]>;
  readonly stop: AbortSignal;
  readonly observe: (effect: Effect) => void;
}

export async function acts(): Promise<Acts> {
  const aws = await pointAtEndpoint();
  putTagged(aws.world);
  const project = await scratch("");
  await project.write("Pulumi.dev.yaml", FILE);
  const backend = await mkdtemp(join(tmpdir(), "sluice-backend-"));
  const before = process.env["PULUMI_BACKEND_URL"];
  process.env["PULUMI_BACKEND_URL"] = `file://${backend}`;
  const settings = settingsIn(FILE);
  const { release } = settings;
  const state = recorded(release, { services: footprints(settings), rules: { api: release.traffic } });
  const engine = new Noted(project.folder, "dev");
  const seen: State = { recorded: state, shifted: ["urn:rule", "urn:transition"] };
  const observed: Observed = {
    ...{ settings, engine, stack: stackSubject(project.folder, "dev"), by: "arn:ana" },
    state: { value: seen },
    situation: unlooked(settings, { value: state }),
  };
  const effects: Effect[] = [];
  const told: string[] = [];
  return {
    ...{ aws, engine, observed, state, effects, told },
    act: (action, { writeOnly = false, waits, stop = new AbortController().signal, observe } = {}) => {
      const noted = (effect: Effect): void => {
        effects.push(effect);
        observe?.(effect);
      };
      const journal = new Journal({ folder: "", print: (text) => told.push(text) }, false, noted);
      return act(action, { observed, journal, writeOnly, stop, ...(waits && { waits }) });
    },
    text: () => readFile(join(project.folder, "Pulumi.dev.yaml"), "utf8"),
    write: (text) => project.write("Pulumi.dev.yaml", text),
    green: async () => (await new WeightedRules(REGION).of("app", "dev"))[0]?.shares.green,
    lock: async () => {
      const folder = join(backend, ".pulumi", "locks", "organization", "sluice", "dev");
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, "one.json"), "{}");
    },
    close: async () => {
      if (before === undefined) Reflect.deleteProperty(process.env, "PULUMI_BACKEND_URL");
      else process.env["PULUMI_BACKEND_URL"] = before;
      await Promise.all([aws.end(), project.close(), rm(backend, { recursive: true, force: true })]);
    },
  };
}

/** {@link FILE} with another share for green. */
export const at = (green: number): string => editRelease(FILE, { traffic: greenAt(green) });
