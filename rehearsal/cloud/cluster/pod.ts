import { createServer, get, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { machineTime } from "../../../cloud/clock";
import { identify, variablesOf, type Identity } from "./identity";
import type { Kubelet } from "./kubelet";
import type { PodSecrets } from "./pod-secrets";
import { readTemplate, type PodSpec } from "./pod-spec";
import { providerUse } from "./provider-calls";
import { workload, type PodBehaviour } from "./workload";
import type { Values } from "../providers/behaviour";

/**
 * How fast the kubelet's clock runs against the wall's. Probes before the first success and restarts are
 * shortened, so that a rehearsal need not wait for them; the end of a pod is what traffic meets and keeps
 * its true times, unless a test shortens it.
 */
export interface Pace {
  /** Multiplies probe delays and periods until a pod is ready, and restart delays. */
  readonly start: number;
  /** Multiplies the preStop sleep and the grace period. */
  readonly end: number;
  /** Multiplies the autoscalers' period and windows. Default: 0.1. */
  readonly scale?: number;
  /**
   * Multiplies the time until a mounted Secret is renewed, and the refresh intervals of ExternalSecrets. Default:
   * that of `start`.
   */
  readonly sync?: number;
}

/** How long a kubelet waits before it looks again for what a container needs, in milliseconds, before the pace. */
const CONFIG_RETRY_MS = 10_000;

/** What a controller says when it makes a pod. */
export interface PodInit {
  readonly name: string;
  readonly namespace: string;
  /** The world's type and id of what made it, joined by a space. */
  readonly owner: string;
  /** Tells templates apart; pods of one revision run the same. */
  readonly revision: string;
  readonly template: Values;
  /** ARNs of target groups in which the pod must be healthy before it counts as ready. */
  readonly gates: readonly string[];
}

/**
 * A pod: a real HTTP server on a free port of 127.0.0.1, started, probed and ended as a kubelet would.
 * `changed` is called after every change of what can be seen of it.
 */
export class Pod {
  readonly identity: Identity;
  readonly spec: PodSpec;
  readonly createdAt = performance.now();
  /** The same as ISO time by the machine's clock. */
  readonly created = machineTime().toISOString();
  /** When its grace period ends; ISO time by the machine's clock. */
  deleted: string | undefined;
  /** 0 until it listens. */
  port = 0;
  /** The readiness probe's last verdict. */
  containersReady = false;
  terminating = false;
  /** The pod has ended, and its port is free. */
  gone = false;
  restarts = 0;
  /** Ordinary requests that have come. */
  served = 0;
  /** Why it is not ready, as `kubectl get pods` would put it; empty when it is. */
  reason = "ContainerCreating";
  behaviour: PodBehaviour = {};
  readonly #secrets: PodSecrets;
  #exit = new AbortController();
  readonly #openGates: Set<string>;
  readonly #stop = new AbortController();
  #server: Server | undefined;
  #inFlight = 0;
  #closing = false;

  constructor(
    readonly init: PodInit,
    readonly pace: Pace,
    readonly kubelet: Kubelet,
    readonly changed: () => void,
  ) {
    this.#secrets = kubelet.secretsOf(init);
    this.identity = identify(init.name, init.template);
    this.spec = readTemplate(init.template);
    this.#openGates = new Set(init.gates);
  }

  /** Ready, as Service endpoints and Deployments count it: probed, and every readiness gate has opened. */
  get ready(): boolean {
    return this.containersReady && !this.terminating && this.#openGates.size === 0;
  }

  get openGates(): readonly string[] {
    return [...this.#openGates];
  }

  /** A gate that has opened stays open: the load balancer controller looks until the first success only. */
  openGate(targetGroupArn: string): void {
    if (this.#openGates.delete(targetGroupArn)) this.changed();
  }

  /** Changes how the pod behaves from now on; a crash happens at once. */
  behave(behaviour: PodBehaviour): void {
    this.behaviour = behaviour;
    if (behaviour.crash) this.#exit.abort();
  }

  /** Runs until the pod ends; never rejects. */
  async run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      this.#exit = new AbortController();
      const signal = AbortSignal.any([this.#stop.signal, this.#exit.signal]);
      if (this.behaviour.crash) this.#exit.abort();
      try {
        await this.#configured(signal);
        await sleep(this.behaviour.startupMs ?? 20, undefined, { signal });
        await this.#listen();
        await this.#probe(signal);
      } catch {
        // The pod ends, or its container exited.
      }
      await this.#crashed();
    }
  }

  /** Waits until there is all that the container needs of its namespace's Secrets. */
  async #configured(signal: AbortSignal): Promise<void> {
    for (let why = this.#secrets.start(); why !== undefined; why = this.#secrets.start()) {
      if (this.reason !== why) this.#say(why);
      await sleep(CONFIG_RETRY_MS * this.pace.start, undefined, { signal, ref: false });
    }
  }

  async #listen(): Promise<void> {
    const use = providerUse(this.identity.service, Object.fromEntries(variablesOf(this.init.template)));
    const answer = workload(this.identity, use, {
      behaviour: () => this.behaviour,
      closing: () => this.#closing,
      signIn: () => this.kubelet.signIn(this.#secrets),
      chance: this.kubelet.chance,
      arrived: () => (this.served += 1),
    });
    const server = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
      this.#inFlight += 1;
      response.once("close", () => (this.#inFlight -= 1));
      answer(request, response);
    });
    this.#server = server;
    const listen = (port: number) =>
      new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
    // A restarted container keeps the pod's address, unless somebody took the port meanwhile.
    await listen(this.port).catch(() => listen(0));
    this.port = (server.address() as AddressInfo).port;
    this.#say("Running, not ready");
  }

  /** Probes until the signal, which makes it reject. */
  async #probe(signal: AbortSignal): Promise<void> {
    const { readiness } = this.spec;
    let succeeded = 0;
    let failed = 0;
    await sleep(readiness.initialDelaySeconds * 1000 * this.pace.start, undefined, { signal });
    for (;;) {
      const good =
        readiness.path === undefined || (await this.#answers(readiness.path, readiness.timeoutSeconds));
      succeeded = good ? succeeded + 1 : 0;
      failed = good ? 0 : failed + 1;
      if (succeeded >= readiness.successThreshold) this.#ready(true);
      else if (failed >= readiness.failureThreshold || (failed > 0 && !this.containersReady))
        this.#ready(false);
      const pace = this.containersReady ? 1 : this.pace.start;
      await sleep(readiness.periodSeconds * 1000 * pace, undefined, { signal, ref: false });
    }
  }

  #answers(path: string, timeoutSeconds: number): Promise<boolean> {
    return new Promise((resolve) => {
      const request = get({ host: "127.0.0.1", port: this.port, path, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode! >= 200 && response.statusCode! < 400);
      });
      request.setTimeout(timeoutSeconds * 1000, () => request.destroy());
      request.on("error", () => resolve(false));
    });
  }

  #ready(ready: boolean): void {
    const reason = ready ? "" : "Unhealthy: the readiness probe failed";
    if (this.containersReady === ready && this.reason === reason) return;
    this.containersReady = ready;
    if (!this.terminating) this.#say(reason);
  }

  #say(reason: string): void {
    this.reason = reason;
    this.changed();
  }

  /** The process exits: connections are reset, and the kubelet restarts it after a growing delay. */
  async #crashed(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    this.#kill();
    this.containersReady = false;
    this.restarts += 1;
    this.#say("CrashLoopBackOff: back-off restarting failed container");
    const seconds = Math.min(10 * 2 ** (this.restarts - 1), 300);
    const { signal } = this.#stop;
    await sleep(seconds * 1000 * this.pace.start, undefined, { signal, ref: false }).catch(() => undefined);
  }

  /**
   * Ends the pod as a kubelet does: it leaves the endpoints at once, sleeps as its preStop hook says, then
   * takes no new connection and finishes what is in flight, all within its grace period.
   */
  async terminate(): Promise<void> {
    if (this.terminating) return;
    this.terminating = true;
    this.#say("Terminating");
    const grace = this.spec.graceSeconds * 1000 * this.pace.end;
    this.deleted = new Date(machineTime().getTime() + grace).toISOString();
    const deadline = performance.now() + grace;
    const left = () => Math.max(0, deadline - performance.now());
    await this.#until(() => false, Math.min(this.spec.preStopSeconds * 1000 * this.pace.end, left()));
    this.#closing = true;
    this.#stop.abort();
    this.#server?.close();
    this.#server?.closeIdleConnections();
    await this.#until(() => this.#inFlight === 0, left());
    this.destroy();
  }

  async #until(done: () => boolean, milliseconds: number): Promise<void> {
    const until = performance.now() + milliseconds;
    while (!this.gone && !done() && performance.now() < until) {
      await sleep(Math.min(20, Math.max(1, until - performance.now())));
    }
  }

  #kill(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
    this.#server = undefined;
  }

  /** Ends the pod at once, in-flight requests and all, as a lost node does. */
  destroy(): void {
    if (this.gone) return;
    this.gone = true;
    this.terminating = true;
    this.#stop.abort();
    this.#kill();
    this.changed();
  }
}
