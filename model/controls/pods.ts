import { type Judged, type Properties, at, listAt, put } from "./control";

/** Kinds that make pods, with the path to the pod's template. */
const TEMPLATES: Readonly<Record<string, string>> = {
  "kubernetes:apps/v1:Deployment": "spec.template",
  "kubernetes:apps/v1:StatefulSet": "spec.template",
  "kubernetes:apps/v1:DaemonSet": "spec.template",
  "kubernetes:batch/v1:Job": "spec.template",
  "kubernetes:batch/v1:CronJob": "spec.jobTemplate.spec.template",
};

/** Types of everything that makes pods. */
export const PODS: readonly string[] = Object.keys(TEMPLATES);

/** Types of what serves for as long as it lives. */
export const SERVING: readonly string[] = ["kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet"];

/** The path of a pod's spec in its owner; the owner tells by its kind. */
const specPath = (inputs: Properties): string =>
  `${TEMPLATES[`kubernetes:${String(inputs["apiVersion"])}:${String(inputs["kind"])}`] ?? "spec.template"}.spec`;

/** The spec of the pods that something makes. */
export const podOf = (inputs: Properties): Properties => (at(inputs, specPath(inputs)) ?? {}) as Properties;

/** The same with another value in the pod's spec. */
export const withPod = (inputs: Properties, path: string, value: unknown): Properties =>
  put(inputs, `${specPath(inputs)}.${path}`, value);

/** All containers of a pod, those that only prepare it first. */
export const containersOf = (inputs: Properties): readonly unknown[] => [
  ...listAt(podOf(inputs), "initContainers"),
  ...listAt(podOf(inputs), "containers"),
];

/** The same with another value in the pod's first container. */
export const withContainer = (inputs: Properties, path: string, value: unknown): Properties =>
  withPod(inputs, `containers.0.${path}`, value);

/** Names of the containers that something is true of. */
export const containersThat = (inputs: Properties, is: (container: unknown) => boolean): string =>
  containersOf(inputs)
    .filter(is)
    .map((container) => String(at(container, "name")))
    .join(", ");

/** Whether all of a selector's labels are on the pods. */
export const selects = (selector: unknown, owner: Judged): boolean => {
  const labels = at(owner.inputs, "spec.template.metadata.labels") as Properties | undefined;
  const asked = Object.entries((selector ?? {}) as Properties);
  return asked.length > 0 && asked.every(([key, value]) => labels?.[key] === value);
};
