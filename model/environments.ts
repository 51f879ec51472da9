/** Environments, in the order in which a version passes through them. */
export const ENVIRONMENTS = ["dev", "staging", "prod"] as const;
export type Environment = (typeof ENVIRONMENTS)[number];

/** What every service of an environment gets where its own settings do not say otherwise. */
export interface EnvironmentSize {
  /** Pods of one colour at full size. */
  readonly replicas: number;
  /** Processor request of a pod, as a Kubernetes quantity. */
  readonly cpu: string;
  /** Memory request and limit of a pod, as a Kubernetes quantity. */
  readonly memory: string;
}

/** The sizes of the VoiceAssist deployment guide. */
export const SIZES: Readonly<Record<Environment, EnvironmentSize>> = {
  dev: { replicas: 1, cpu: "500m", memory: "512Mi" },
  staging: { replicas: 2, cpu: "1000m", memory: "1Gi" },
  prod: { replicas: 3, cpu: "2000m", memory: "2Gi" },
};

/**
 * Whether a function in AWS watches the release every minute, and alarms call it. Not in dev: its default limits ask
 * for no metrics, nobody is there to be served worse, and a version that is being made fails often and on purpose.
 */
export const WATCHED: Readonly<Record<Environment, boolean>> = { dev: false, staging: true, prod: true };
