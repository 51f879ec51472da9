import { callControl } from "../cloud/control";
import type { LocalPod } from "../cloud/cluster/local-pod";
import { type Scene, endpointOf } from "../scene";
import type { Asked, Mend } from "./fault";

/** Ends ready pods of a colour at once; Kubernetes makes others. @throws Error where there are not so many */
export async function losePods(scene: Scene, { amount, colour }: Asked): Promise<Mend> {
  const endpoint = endpointOf(scene);
  const pods = (await callControl(endpoint, { method: "GET", path: "pods" })) as LocalPod[];
  const ready = pods.filter((pod) => pod.ready && pod.labels["colour"] === colour);
  if (ready.length < amount)
    throw new Error(`${colour} has ${ready.length} ready pods; it cannot lose ${amount}`);
  for (const { name } of ready.slice(0, amount)) {
    await callControl(endpoint, { method: "DELETE", path: `pods?name=${encodeURIComponent(name)}` });
  }
  return () => Promise.resolve();
}
