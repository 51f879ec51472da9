import type { Limits } from "./limits";
import type { Footprint, Recorded } from "./release";
import type { Transition } from "./rule";
import type { Kind } from "./services";

/** Footprints by service as one line each, so that a preview stays readable. */
export type Fingerprints = Readonly<Record<string, string>>;

/** A transition as the engine stores and shows it: without the time, which differs at every look. */
export type TransitionInputs = Omit<Transition, "from" | "services" | "limits" | "now"> & {
  /** Without freezes where an older program, which knew of none, is judged by a newer pack. */
  readonly limits: Omit<Limits, "freezes"> & Partial<Limits>;
  readonly from?: Omit<Recorded, "services"> & { readonly services: Fingerprints };
  readonly services: Fingerprints;
};

type Part = "access" | "replicas" | "cpu" | "memory" | "port" | "image";
type Later = "kind" | "liveness" | "readiness" | "address" | "startup" | "most";

/** The parts after the image are absent where an older state lacks them. */
const LINE = new RegExp(
  /^(?<access>public|internal) (?<replicas>\d+) × (?<cpu>\S+) (?<memory>\S+) port (?<port>\d+) (?<image>\S+)/
    .source +
    /(?: (?<kind>http|worker|singleton))?(?: health (?<liveness>\S+) (?<readiness>\S+))?(?: at (?<address>\S+))?/
      .source +
    /(?: startup (?<startup>\S+))?(?: up to (?<most>\d+))?$/.source,
);

/**
 * `public 3 × 2000m 2Gi port 8080 registry/repository http health /health /health at api.example.com startup
 * /health/detailed up to 9` for each service, on one line.
 */
export const fingerprints = (services: Readonly<Record<string, Footprint>>): Fingerprints =>
  Object.fromEntries(Object.entries(services).map(([name, footprint]) => [name, lineOf(footprint)]));

const lineOf = (footprint: Footprint): string => {
  const {
    public: exposed,
    replicas,
    cpu,
    memory,
    port,
    image,
    kind,
    health,
    address,
    maxReplicas,
  } = footprint;
  return [
    `${exposed ? "public" : "internal"} ${replicas} × ${cpu} ${memory} port ${port} ${image}`,
    ...(kind ? [kind] : []),
    ...(health ? [`health ${health.liveness} ${health.readiness}`] : []),
    ...(address === undefined ? [] : [`at ${address}`]),
    ...(health?.startup === undefined ? [] : [`startup ${health.startup}`]),
    ...(maxReplicas === undefined ? [] : [`up to ${maxReplicas}`]),
  ].join(" ");
};

/**
 * The inverse of {@link fingerprints}.
 *
 * @throws Error where a line is not one of its
 */
export const footprintsFrom = (lines: Fingerprints): Record<string, Footprint> =>
  Object.fromEntries(Object.entries(lines).map(([name, line]) => [name, footprintFrom(name, line)]));

function footprintFrom(name: string, line: string): Footprint {
  const found = LINE.exec(line)?.groups as
    (Record<Part, string> & Partial<Record<Later, string>>) | undefined;
  if (!found) throw new Error(`the recorded footprint of ${name} cannot be read: "${line}"`);
  const { access, replicas, cpu, memory, port, image, kind, liveness, readiness, address, startup, most } =
    found;
  return {
    public: access === "public",
    replicas: Number(replicas),
    cpu,
    memory,
    port: Number(port),
    image,
    ...(kind !== undefined && { kind: kind as Kind }),
    ...(liveness !== undefined &&
      readiness !== undefined && {
        health: { liveness, readiness, ...(startup !== undefined && { startup }) },
      }),
    ...(address !== undefined && { address }),
    ...(most !== undefined && { maxReplicas: Number(most) }),
  };
}

/** What of a service may change: a key of its footprint, with the probes each by itself. */
export type Aspect = Exclude<keyof Footprint, "health"> | Probe;

type Probe = "liveness" | "readiness" | "startup";

/** Whether an aspect is where a probe asks. */
export const isProbe = (aspect: Aspect): aspect is Probe =>
  aspect === "liveness" || aspect === "readiness" || aspect === "startup";

const ASPECTS: readonly Aspect[] = [
  ...(["image", "port", "replicas", "maxReplicas", "cpu", "memory", "kind"] as const),
  ...(["liveness", "readiness", "startup", "public", "address"] as const),
];

/** One aspect of a service; undefined where the footprint does not tell it. */
export const aspectOf = (footprint: Footprint, aspect: Aspect): string | number | boolean | undefined =>
  isProbe(aspect) ? footprint.health?.[aspect] : footprint[aspect];

/** What differs between two footprints of a service. What an older state lacks counts as the same. */
export const changesOf = (before: Footprint, after: Footprint): Aspect[] =>
  ASPECTS.filter((aspect) => {
    const was = aspectOf(before, aspect);
    // Of an internal service it is known that it had no address.
    const unknown = was === undefined && (aspect !== "address" || before.public);
    return !unknown && was !== aspectOf(after, aspect);
  });

/** What the engine is given of a transition. */
export const transitionInputs = ({ from, services, now: _, ...rest }: Transition): TransitionInputs => ({
  ...rest,
  ...(from && { from: { ...from, services: fingerprints(from.services) } }),
  services: fingerprints(services),
});

/**
 * The transition that the engine was given, to be judged at another time.
 *
 * @param now ISO time
 */
export const transitionFrom = (
  { from, services, limits, ...rest }: TransitionInputs,
  now: string,
): Transition => ({
  ...rest,
  limits: { ...limits, freezes: limits.freezes ?? [] },
  from: from && { ...from, services: footprintsFrom(from.services) },
  services: footprintsFrom(services),
  now,
});
