import { type Colour, type Release, otherColour } from "./release";
import { hasService } from "./serviceLists";
import { type ServiceSettings, publicServices } from "./services";

/** A smoke request beside those for health. */
export interface SmokePath {
  /** Below the service's address, as its URL in the outputs has it. */
  readonly path: string;
  /** The one status that counts as success, 100–599. Absent: any from 200 to 299. */
  readonly status?: number;
}

/** What is asked of a candidate by the preview header, and what it has to answer, by `sluice:validation`. */
export interface ValidationSettings {
  /** Requests for each path, 0–200. 0: nothing is asked, and everything passes. */
  readonly requests: number;
  /** An answer that is not whole after so many seconds is none, 1–30. */
  readonly seconds: number;
  /** More than so many percent of each path's requests must succeed, 0–99. */
  readonly successPercent: number;
  /** What is asked of a public service beside its health paths. */
  readonly paths: Readonly<Record<string, readonly SmokePath[]>>;
}

/**
 * Guide 003: answers within 3 s, more than 95 % of them good. Of forty requests one may fail, so a candidate that
 * loses one in ten passes a path in 8 % of the tries, and a service's four health paths in one of 20,000.
 */
export const VALIDATION: ValidationSettings = { requests: 40, seconds: 3, successPercent: 95, paths: {} };

/** Something that is asked of a service so many times. */
export interface Question extends SmokePath {
  readonly service: string;
  /** Whether its answer, where it is JSON, tells who answered. */
  readonly isHealth: boolean;
}

/** Who is asked. */
export interface Candidate {
  readonly colour: Colour;
  readonly version: string;
  /** What the other colour runs, if anything: an answer must tell the two apart. */
  readonly other?: string;
}

/** The colour as it runs; undefined where it has no version. */
export function candidateOf(release: Release, colour: Colour): Candidate | undefined {
  const { version } = release[colour];
  const { version: other } = release[otherColour(colour)];
  return version === undefined ? undefined : { colour, version, ...(other !== undefined && { other }) };
}

/**
 * Everything that is asked of a colour: each health path of each public service that it runs, `/health`,
 * `/health/detailed`, `/health/db` and `/health/redis` where nothing else is configured, and the smoke paths.
 */
export function questionsOf(
  {
    services,
    validation,
  }: {
    readonly services: Readonly<Record<string, ServiceSettings>>;
    readonly validation: ValidationSettings;
  },
  release: Release,
  colour: Colour,
): Question[] {
  if (validation.requests === 0) return [];
  return publicServices(services)
    .filter((service) => hasService(release[colour], service))
    .filter((service) => services[service]?.kind === "http" || colour === release.live)
    .flatMap((service) => [
      ...healthPaths(services[service]).map((path) => ({ service, path, isHealth: true })),
      ...(validation.paths[service] ?? []).map((smoke) => ({ service, ...smoke, isHealth: false })),
    ]);
}

const healthPaths = (settings: ServiceSettings | undefined): string[] => {
  if (!settings) return [];
  const { liveness, readiness, startup, checks } = settings.health;
  return [...new Set([liveness, readiness, startup, ...checks])];
};

/** How many of so many requests may fail. */
export const allowedFailures = ({
  requests,
  successPercent,
}: Pick<ValidationSettings, "requests" | "successPercent">): number =>
  // In whole numbers: (100 − successPercent) is exact where 0.95 is not.
  Math.max(0, Math.ceil((requests * (100 - successPercent)) / 100) - 1);
