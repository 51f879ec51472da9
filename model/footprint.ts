import type { Footprint, Recorded } from "./release";
import type { Transition } from "./rule";

/** Footprints by service as one line each, so that a preview stays readable. */
export type Fingerprints = Readonly<Record<string, string>>;

/** A transition as the engine stores and shows it: without the time, which differs at every look. */
export interface TransitionInputs {
  readonly from?: Omit<Recorded, "services"> & { readonly services: Fingerprints };
  readonly to: Transition["to"];
  readonly services: Fingerprints;
  readonly limits: Transition["limits"];
}

type Part = "access" | "replicas" | "cpu" | "memory" | "port" | "image";

const LINE =
  /^(?<access>public|internal) (?<replicas>\d+) × (?<cpu>\S+) (?<memory>\S+) port (?<port>\d+) (?<image>\S+)$/;

/** `public 3 × 2000m 2Gi port 8080 registry/repository` for each service. */
export const fingerprints = (services: Readonly<Record<string, Footprint>>): Fingerprints =>
  Object.fromEntries(
    Object.entries(services).map(([name, { public: exposed, replicas, cpu, memory, port, image }]) => [
      name,
      `${exposed ? "public" : "internal"} ${replicas} × ${cpu} ${memory} port ${port} ${image}`,
    ]),
  );

/**
 * The inverse of {@link fingerprints}.
 *
 * @throws Error where a line is not one of its
 */
export const footprintsFrom = (lines: Fingerprints): Record<string, Footprint> =>
  Object.fromEntries(Object.entries(lines).map(([name, line]) => [name, footprintFrom(name, line)]));

function footprintFrom(name: string, line: string): Footprint {
  const found = LINE.exec(line)?.groups as Record<Part, string> | undefined;
  if (!found) throw new Error(`the recorded footprint of ${name} cannot be read: "${line}"`);
  const { access, replicas, port, ...rest } = found;
  return { ...rest, public: access === "public", replicas: Number(replicas), port: Number(port) };
}

/** What the engine is given of a transition. */
export const transitionInputs = ({ from, to, services, limits }: Transition): TransitionInputs => ({
  ...(from && { from: { ...from, services: fingerprints(from.services) } }),
  to,
  services: fingerprints(services),
  limits,
});

/**
 * The transition that the engine was given, to be judged at another time.
 *
 * @param now ISO time
 */
export const transitionFrom = (
  { from, to, services, limits }: TransitionInputs,
  now: string,
): Transition => ({
  from: from && { ...from, services: footprintsFrom(from.services) },
  to,
  services: footprintsFrom(services),
  limits,
  now,
});
