import { STATUSES } from "../../../model/monitoring/families";
import type { Chance } from "../../chance";
import type { Metrics } from "./metrics";
import {
  type ProviderCall,
  type ProviderFault,
  type ProviderUse,
  billOf,
  providerCalls,
} from "./provider-calls";

/** Asks providers of models for one pod, and counts what came of it. */
export class ProviderClient {
  /**
   * @param fault how the providers behave at the moment
   * @param chance decides which requests fail, where some do
   */
  constructor(
    readonly use: ProviderUse,
    readonly metrics: Metrics,
    readonly fault: () => ProviderFault | undefined,
    readonly chance: Chance = Math.random,
  ) {
    for (const provider of use.chain)
      for (const status of STATUSES) metrics.add("providerRequests", { provider, status }, 0);
  }

  /** Calls `done` once a provider has answered, or with why none has. */
  ask(done: (refused?: string) => void): void {
    const began = performance.now();
    const calls = providerCalls(this.use, this.fault(), this.chance);
    const next = (at: number): void => {
      const call = calls[at];
      if (!call) {
        done("no provider of models is configured");
        return;
      }
      this.#wait(call, (seconds) => {
        this.#count(call, calls[at + 1], seconds);
        if (calls[at + 1]) {
          next(at + 1);
          return;
        }
        this.#finish(call, (performance.now() - began) / 1000);
        done(
          call.status === "success"
            ? undefined
            : `no provider of models answered; last ${call.provider}: ${call.status}`,
        );
      });
    };
    next(0);
  }

  /** Nothing is put off where nothing is waited for: the pods of a rehearsal share a process. */
  #wait({ milliseconds }: ProviderCall, done: (seconds: number) => void): void {
    const began = performance.now();
    const end = () => done((performance.now() - began) / 1000);
    if (milliseconds > 0) setTimeout(end, milliseconds);
    else end();
  }

  #count({ provider, status }: ProviderCall, next: ProviderCall | undefined, seconds: number): void {
    this.metrics.add("providerRequests", { provider, status });
    this.metrics.observe("providerLatency", { provider }, seconds);
    if (next) this.metrics.add("providerFallbacks", { from: provider, to: next.provider });
    if (status !== "success") return;
    const { tokens, dollars } = billOf(provider, this.use.work);
    this.metrics.add("cost", { provider }, dollars);
    this.metrics.add("tokens", { provider }, tokens);
  }

  #finish({ status }: ProviderCall, seconds: number): void {
    const speech = this.use.work === "transcription";
    this.metrics.add(speech ? "transcriptions" : "analyses", { status });
    this.metrics.observe(speech ? "transcriptionLatency" : "analysisLatency", {}, seconds);
  }
}
