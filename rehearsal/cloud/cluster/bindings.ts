import type { World } from "../world";
import { ADDRESS, serviceOf, targetGroupOf } from "./gates";
import { labelsOf, objectOf } from "./objects";
import type { Pod } from "./pod";
import type { Pods } from "./pods";
import { TARGET_GROUP, TARGET_GROUP_BINDING } from "./tokens";

/**
 * Does the AWS Load Balancer Controller's work: the targets of a bound target group are the pods of its
 * Service, no more and no fewer. A group that is no longer bound is emptied once.
 */
export class Bindings {
  #bound = new Set<string>();

  constructor(
    readonly world: World,
    readonly pods: Pods,
  ) {}

  reconcile(): void {
    const wanted = new Map<string, Pod[]>();
    for (const binding of this.world.all(TARGET_GROUP_BINDING)) {
      const arn = targetGroupOf(binding);
      if (!this.world.get(TARGET_GROUP, arn)) continue;
      const service = serviceOf(this.world, binding);
      const selector = labelsOf(objectOf(service?.properties.spec).selector);
      const namespace = String(objectOf(binding.properties.metadata).namespace);
      const pods = this.pods.selected(namespace, selector).filter((pod) => takesPart(pod, arn));
      wanted.set(arn, [...(wanted.get(arn) ?? []), ...pods]);
    }
    for (const arn of this.#bound) if (!wanted.has(arn)) this.#settle(arn, []);
    for (const [arn, pods] of wanted) this.#settle(arn, pods);
    this.#bound = new Set(wanted.keys());
  }

  #settle(arn: string, pods: readonly Pod[]): void {
    const ports = new Set(pods.map((pod) => pod.port));
    for (const target of this.world.targets(arn)) {
      const known = target.id === ADDRESS && ports.has(target.port);
      if (!known && target.state !== "draining") this.world.deregister(arn, target);
    }
    const active = this.world.targets(arn).filter((target) => target.state !== "draining");
    for (const port of ports) {
      if (!active.some((target) => target.id === ADDRESS && target.port === port)) {
        this.world.register(arn, { id: ADDRESS, port });
      }
    }
  }
}

/** A pod that waits for this very target group to call it healthy must be registered to get there. */
const takesPart = (pod: Pod, arn: string): boolean =>
  !pod.terminating && (pod.ready || (pod.containersReady && pod.openGates.includes(arn)));
