import { setTimeout as sleep } from "node:timers/promises";
import { machineTime } from "../../../cloud/clock";
import { refusalIn } from "./backends";
import { identify, type Identity } from "./identity";
import type { Kubelet } from "./kubelet";
import { labelsOf, listOf, objectOf } from "./objects";
import type { Pace, PodInit } from "./pod";
import type { PodSecrets } from "./pod-secrets";
import type { PodBehaviour } from "./workload";

/** How the pod of a Job ended. */
export interface Ended {
  readonly how: "completed" | "lost";
  /** Of the container; 0 is success. A pod that was lost counts as killed, 137. */
  readonly exitCode: number;
  /** As Pulumi tells of the pod; empty after a success. */
  readonly message: string;
}

/** How long a kubelet waits before it looks again for what a container needs, in milliseconds, before the pace. */
const RETRY_MS = 10_000;

/** How long a command takes that nothing was said of, in seconds. */
const SECONDS = 0.05;

/** A pod that runs a command and ends: it has no port, and nothing probes it. */
export class JobPod {
  readonly identity: Identity;
  readonly labels: Readonly<Record<string, string>>;
  reason = "ContainerCreating";
  readonly #secrets: PodSecrets;
  readonly container: string;
  /** ISO time by the machine's clock. */
  readonly created = machineTime().toISOString();
  #ended: Ended | undefined;
  readonly #stop = new AbortController();

  constructor(
    readonly init: PodInit,
    readonly pace: Pace,
    readonly kubelet: Kubelet,
    public behaviour: PodBehaviour,
    readonly changed: () => void,
  ) {
    this.identity = identify(init.name, init.template);
    this.labels = labelsOf(objectOf(init.template.metadata).labels);
    this.container = String(objectOf(listOf(objectOf(init.template.spec).containers)[0]).name);
    this.#secrets = kubelet.secretsOf(init);
  }

  /** Changes how it behaves; a crash happens at once. */
  behave(behaviour: PodBehaviour): void {
    this.behaviour = behaviour;
    if (behaviour.crash) this.#end("completed", 137);
  }

  /** Ends it at once, as a lost node does. */
  destroy(): void {
    this.#end("lost", 137);
  }

  /** Runs until the pod ends; never rejects. */
  async run(): Promise<Ended> {
    const { signal } = this.#stop;
    try {
      for (let why = this.#secrets.start(); why !== undefined; why = this.#secrets.start()) {
        this.#say(why);
        await sleep(RETRY_MS * this.pace.start, undefined, { signal });
      }
      await sleep(this.behaviour.startupMs ?? 0, undefined, { signal });
      this.#say("Running");
      if (this.behaviour.crash) this.#end("completed", 137);
      const refusal = refusalIn(this.kubelet.signIn(this.#secrets));
      if (refusal !== undefined) this.#end("completed", 1, refusal);
      await sleep((this.behaviour.runSeconds ?? SECONDS) * 1000, undefined, { signal });
      this.#end("completed", this.behaviour.exitCode ?? 0);
    } catch {
      // It was ended before its time.
    }
    return this.#ended!;
  }

  #say(reason: string): void {
    if (this.reason === reason) return;
    this.reason = reason;
    this.changed();
  }

  #end(how: Ended["how"], exitCode: number, why?: string): void {
    if (this.#ended) return;
    const failed = `Container "${this.container}" completed with exit code ${exitCode}`;
    const lost = "the pod was deleted before its containers had completed";
    const message = how === "lost" ? lost : why === undefined ? failed : `${failed}: ${why}`;
    this.#ended = { how, exitCode, message: exitCode === 0 ? "" : message };
    this.#stop.abort();
    this.changed();
  }
}
