import type * as pulumi from "@pulumi/pulumi";
import type { Colour, DeployedManifest } from "../../model/release";
import type { ServiceSettings } from "../../model/services";

/** The port that a colour's Service listens on, whatever its pods do. */
export const SERVICE_PORT = 80;

export interface WorkloadArgs {
  app: string;
  service: string;
  colour: Colour;
  settings: ServiceSettings;
  manifest: DeployedManifest;
  /** Full image reference with tag or digest. */
  image: string;
  namespace: pulumi.Input<string>;
  /** Services of the colour, by name: a colour calls its own and never the other's. */
  peers: string[];
  /** Seconds that requests in flight get to finish after SIGTERM. */
  drainSeconds: number;
  /** The colour's least size, in percent of its full one. */
  capacity: number;
  /** Whether the backends' Secrets are there to be mounted. */
  credentials: boolean;
  /** Variables with keys of providers, all in one Secret of the colour's. Absent: it calls nobody. */
  keys?: { readonly secret: string; readonly variables: readonly string[] };
  /** What the colour's keys in the cache begin with. Absent: it is not told. */
  cachePrefix?: string;
}

/** What a colour has of a service whether or not it has pods. */
export type PermanentArgs = Pick<WorkloadArgs, "app" | "service" | "colour" | "namespace">;
