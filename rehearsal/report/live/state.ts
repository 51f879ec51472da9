import { COLOURS, type Colour } from "../../../model/release";
import type { LocalPod } from "../../cloud/cluster/local-pod";
import { observedShares } from "../html/series";
import type { Sample } from "../samples";
import type { Branch, Waited } from "./tree";

/** What is seen of a colour is of so many seconds: one alone jumps. */
const WINDOW = 3;

/** Samples that a view needs: those of the time that a share is observed over, however short each is. */
export const KEPT_SECONDS = 15;

/** What there is of each colour, by the last samples and the pods that there are. */
export const branchesOf = (samples: readonly Sample[], pods: readonly LocalPod[]): Branch[] =>
  COLOURS.map((colour) => branchOf(colour, samples, pods));

function branchOf(colour: Colour, samples: readonly Sample[], pods: readonly LocalPod[]): Branch {
  const last = samples.at(-1);
  const late = samples.filter(({ seconds }) => last && seconds > last.seconds - WINDOW);
  const lasted = late.reduce((total, sample) => total + sample.lasted, 0);
  const each = (kind: "requests" | "failed") =>
    lasted === 0 ? 0 : late.reduce((total, sample) => total + sample[kind][colour], 0) / lasted;
  const configured = last?.configured?.[colour];
  const seen = observedShares(samples).at(-1);
  const observed = seen && seen.seconds === last?.seconds ? seen.observed : undefined;
  const p95 = late.findLast((sample) => sample.p95[colour] !== undefined)?.p95[colour];
  // Jobs' pods have a colour as well, and are never ready.
  const mine = pods.filter((pod) => pod.colour === colour && !pod.terminating && isServing(pod));
  return {
    colour,
    version: [...new Set(mine.map(({ version }) => version))].join(" and "),
    pods: { ready: mine.filter(({ ready }) => ready).length, total: mine.length },
    waited: waitedOf(mine),
    ...(configured !== undefined && { configured }),
    ...(observed !== undefined && { observed: colour === "green" ? observed : 100 - observed }),
    rate: each("requests"),
    failing: each("failed"),
    ...(p95 !== undefined && { p95 }),
  };
}

/** Whether it is a service's, which its name begins with. */
const isServing = ({ name, service, colour }: LocalPod): boolean => name.startsWith(`${service}-${colour}-`);

function waitedOf(pods: readonly LocalPod[]): Waited[] {
  const services = [...new Set(pods.map(({ service }) => service))];
  return services.flatMap((service) => {
    const all = pods.filter((pod) => pod.service === service);
    const first = all.find(({ ready }) => !ready);
    const ready = all.filter((pod) => pod.ready).length;
    return first ? [{ service, ready, total: all.length, reason: first.reason }] : [];
  });
}
