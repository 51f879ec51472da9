import type { PlatformRule } from "./control";

/** A rule about a stack's state, which is kept where all of its controls hold. */
export interface StateRule {
  readonly title: string;
  /** What suffers where it is not kept. */
  readonly protects: string;
  /** What somebody does who is refused by it, in a sentence. */
  readonly wayOut: string;
}

/** The rules that group the controls, in their order. */
export const PLATFORM_RULES: Readonly<Record<PlatformRule, StateRule>> = {
  S1: {
    title: "Images have tags that do not move, from registries that scan them",
    protects: "the meaning of a version: what was tried is what runs, and what a colour goes back to",
    wayOut: "Name the image by a tag that does not move, or by its digest, in a repository of the stack.",
  },
  S2: {
    title: "Stickiness ends before the colour that it leads to goes cold",
    protects: "clients that hold on to a colour whose share is 0: they would get errors",
    wayOut: "Shorten sluice:limits.stickinessSeconds, or lengthen sluice:limits.warmSeconds.",
  },
  S3: {
    title: "Pods have probes, limits, a budget and a spread, and no rights that they do not need",
    protects: "requests while pods come and go, and the node from what runs on it",
    wayOut: "Give the workload what its message names, in the component that makes it.",
  },
  S4: {
    title: "Cluster, network and backends are encrypted, redundant, protected and closed",
    protects: "data, its way back, and whoever it is about",
    wayOut:
      "Set the property that the message names, or except the control where your organisation accepts it.",
  },
  S5: {
    title: "Whatever the world reaches has TLS, a web ACL and access logs",
    protects: "users on the way to the stack, and the record of who came",
    wayOut: "Set sluice:domain, or sluice:certificateArn; the listener and its logs follow.",
  },
};
