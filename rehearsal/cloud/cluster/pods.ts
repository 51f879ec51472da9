import type { Kubelet } from "./kubelet";
import { Pod, type Pace, type PodInit } from "./pod";
import { selects } from "./objects";
import type { PodBehaviour } from "./workload";

/** Labels that a pod must have, for example `{"app": "api", "colour": "green"}`. */
export type Selector = Readonly<Record<string, string>>;

/** The pods that exist, and how they are told to behave. `changed` is called whenever one changes. */
export class Pods {
  readonly #pods = new Set<Pod>();
  readonly #byOwner = new Map<string, Set<Pod>>();
  readonly #rules: { selector: Selector; behaviour: PodBehaviour }[] = [];

  constructor(
    readonly pace: Pace,
    readonly kubelet: Kubelet,
    readonly changed: () => void,
  ) {}

  /** Every pod that has not ended, those that are ending included. */
  all(): Pod[] {
    return [...this.#pods];
  }

  /** The pods that a controller made for this owner. */
  of(owner: string): Pod[] {
    return [...(this.#byOwner.get(owner) ?? [])];
  }

  /** The pods of a namespace that a Service's selector selects, those that are ending included. */
  selected(namespace: string, selector: Selector): Pod[] {
    return this.all().filter((pod) => pod.init.namespace === namespace && selects(selector, pod.spec.labels));
  }

  start(init: PodInit): Pod {
    const pod = new Pod(init, this.pace, this.kubelet, () => {
      if (pod.gone) this.#forget(pod);
      this.changed();
    });
    this.#pods.add(pod);
    this.#byOwner.set(init.owner, (this.#byOwner.get(init.owner) ?? new Set()).add(pod));
    pod.behave(this.behaviourOf(pod.spec.labels));
    void pod.run();
    return pod;
  }

  #forget(pod: Pod): void {
    this.#pods.delete(pod);
    const siblings = this.#byOwner.get(pod.init.owner);
    siblings?.delete(pod);
    if (siblings?.size === 0) this.#byOwner.delete(pod.init.owner);
  }

  /**
   * Changes how the pods with these labels behave, those of now and those to come. What is not named stays
   * as it was; an empty selector means every pod.
   */
  setBehaviour(selector: Selector, behaviour: PodBehaviour): void {
    this.#rules.push({ selector, behaviour });
    for (const pod of this.#pods) pod.behave(this.behaviourOf(pod.spec.labels));
  }

  /** All pods behave well again. */
  clearBehaviours(): void {
    this.#rules.length = 0;
    for (const pod of this.#pods) pod.behave({});
  }

  /** What was said of pods with these labels, later words over earlier ones. */
  behaviourOf(labels: Readonly<Record<string, string>>): PodBehaviour {
    const matching = this.#rules.filter(
      ({ selector }) => Object.keys(selector).length === 0 || selects(selector, labels),
    );
    return Object.assign({}, ...matching.map(({ behaviour }) => behaviour)) as PodBehaviour;
  }

  /** Ends every pod at once. */
  close(): void {
    for (const pod of this.all()) pod.destroy();
  }
}
