/** What an earlier environment trusts: a version that was live there for its bake time, with its images. */
export interface Baked {
  readonly version: string;
  /** Images by service, where the manifest named them: full references with tag or digest. */
  readonly images?: Readonly<Record<string, string>>;
  /** ISO time from which it was trusted there. */
  readonly at: string;
}

/**
 * What has baked in the environment before this one; `unknown` where nobody can say, which is told and not judged.
 */
export type BakedBefore = readonly Baked[] | "unknown";
