import table from "../facts/kubernetes.json";
import { CUSTOM_RESOURCES } from "./crds";

/** Properties of a type by name (a name that ends in `!` is required); facts/kubernetes.ts has the notation. */
export type Shape = Readonly<Record<string, string>>;

/** A kind that the local API server knows. */
export interface Kind {
  /** For example `apps/v1`, or `v1` for the core group. */
  readonly apiVersion: string;
  readonly kind: string;
  /** The name of its type in `shapeOf`. */
  readonly type: string;
  readonly namespaced: boolean;
}

/** Pulumi's token of a Helm release, which is no Kubernetes object but is served by the same provider. */
export const RELEASE = "kubernetes:helm.sh/v3:Release";

const CLUSTER_SCOPED = new Set([
  "ClusterRole",
  "ClusterRoleBinding",
  "IngressClass",
  "Namespace",
  "PersistentVolume",
  "PriorityClass",
  "StorageClass",
]);

const kinds = new Map<string, Kind>(
  Object.entries(table.kinds).map(([token, kind]) => [
    token,
    { ...kind, namespaced: !CLUSTER_SCOPED.has(kind.kind) },
  ]),
);
/**
 * What Pulumi patches: an object that is somebody else's gets fields of the program's own. Add-ons and charts put
 * nothing into the local cluster that could be patched, so a patch is held by itself.
 */
const PATCHED = [
  "kubernetes:core/v1:ConfigMap",
  "kubernetes:core/v1:Namespace",
  "kubernetes:core/v1:PersistentVolumeClaim",
  "kubernetes:core/v1:ServiceAccount",
];
for (const token of PATCHED) kinds.set(`${token}Patch`, kinds.get(token)!);
const shapes = new Map<string, Shape>(Object.entries(table.types as Record<string, Shape>));
for (const custom of CUSTOM_RESOURCES) {
  const type = `${custom.apiVersion}.${custom.kind}`;
  kinds.set(`kubernetes:${custom.apiVersion}:${custom.kind}`, { ...custom, type });
  for (const [name, shape] of Object.entries(custom.types)) shapes.set(name, shape);
  shapes.set(type, {
    apiVersion: `=${custom.apiVersion}`,
    kind: `=${custom.kind}`,
    metadata: "#meta.v1.ObjectMeta",
    "spec!": `#${custom.spec}`,
    status: "any",
  });
}

/** The version of the SDK that the table was read from. */
export const sdkVersion: string = table.version;

/** The kind of a type token such as `kubernetes:apps/v1:Deployment`; undefined when it is not in the table. */
export const kindOf = (token: string): Kind | undefined => kinds.get(token);

/** Every token that `kindOf` knows. */
export const knownTokens = (): string[] => [...kinds.keys()];

/** The properties of a named type, for example `apps.v1.DeploymentSpec`. Throws for a name not in the table. */
export function shapeOf(name: string): Shape {
  const shape = shapes.get(name);
  if (!shape) throw new Error(`facts/kubernetes.json has no type ${name}; regenerate it`);
  return shape;
}

/** As the API server names a kind in its messages: `deployments.apps`, `services`, `ingresses.networking.k8s.io`. */
export function resourceName(kind: Pick<Kind, "apiVersion" | "kind">): string {
  const lower = kind.kind.toLowerCase();
  const plural = /(s|x|ch)$/.test(lower) ? `${lower}es` : lower.replace(/([^aeiou])y$/, "$1ie") + "s";
  const group = kind.apiVersion.includes("/") ? kind.apiVersion.split("/")[0] : undefined;
  return group ? `${plural}.${group}` : plural;
}
