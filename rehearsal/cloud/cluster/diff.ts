import {
  equal,
  isObject,
  type Change,
  type DiffResult,
  type Value,
  type Values,
} from "../providers/behaviour";
import type { Kind } from "./kinds";
import { objectOf, stringOf } from "./objects";

/** The annotation by which Pulumi remembers that it made the name up itself. */
export const AUTONAMED = "pulumi.com/autonamed";

/** What of an object cannot change while it lives; a change of it replaces the object. */
const IMMUTABLE: Readonly<Record<string, readonly string[]>> = {
  ClusterRoleBinding: ["roleRef"],
  Deployment: ["spec.selector"],
  DaemonSet: ["spec.selector"],
  ReplicaSet: ["spec.selector"],
  Job: ["spec.completions", "spec.selector", "spec.template"],
  PersistentVolumeClaim: ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
  Pod: ["spec"],
  PriorityClass: ["value"],
  ResourceQuota: ["spec.scopes"],
  RoleBinding: ["roleRef"],
  Secret: ["type"],
  Service: ["spec.clusterIP"],
  StatefulSet: ["spec.podManagementPolicy", "spec.selector", "spec.serviceName", "spec.volumeClaimTemplates"],
  StorageClass: ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"],
};

const MUTABLE_DATA: Readonly<Record<string, string>> = {
  ConfigMap: "enableConfigMapMutable",
  Secret: "enableSecretMutable",
};

/** The paths whose change replaces an object of the kind, under this provider configuration. */
function immutable(kind: Kind, provider: Values, news: Values): string[] {
  const paths = [
    "apiVersion",
    "kind",
    "metadata.name",
    "metadata.namespace",
    ...(IMMUTABLE[kind.kind] ?? []),
  ];
  const flag = MUTABLE_DATA[kind.kind];
  // Pulumi replaces these by default, so that what mounts them by name is rolled to the new content.
  if (flag && (news.immutable === true || !isTrue(provider[flag])))
    paths.push("binaryData", "data", "stringData");
  return paths;
}

/** Provider configuration arrives as text. */
export const isTrue = (value: Value | undefined): boolean => value === true || value === "true";

/** Every place where two values differ. Unknown new values differ from whatever was there. */
export function differences(
  old: Value | undefined,
  now: Value | undefined,
  path = "",
): Omit<Change, "replace">[] {
  if (old === undefined || now === undefined) {
    return old === now ? [] : [{ path, kind: old === undefined ? "add" : "delete" }];
  }
  if (isObject(old) && isObject(now)) {
    const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
    return names.flatMap((name) => differences(old[name], now[name], join(path, name)));
  }
  if (Array.isArray(old) && Array.isArray(now)) {
    return Array.from({ length: Math.max(old.length, now.length) }, (_, index) =>
      differences(old[index], now[index], `${path}[${index}]`),
    ).flat();
  }
  return equal(old, now) ? [] : [{ path, kind: "update" }];
}

const join = (path: string, name: string): string => {
  if (!/^[A-Za-z_][\w-]*$/.test(name)) return `${path}["${name}"]`;
  return path === "" ? name : `${path}.${name}`;
};

/** What a change of inputs does to an object: updated in place, or replaced where a path is immutable. */
export function diffObject(kind: Kind, olds: Values, news: Values, provider: Values): DiffResult {
  const fixed = immutable(kind, provider, news);
  const changes = differences(olds, news).map((change) => ({
    ...change,
    replace: fixed.some(
      (path) =>
        change.path === path || change.path.startsWith(`${path}.`) || change.path.startsWith(`${path}[`),
    ),
  }));
  // The new object has the old one's name where the program gave it: both cannot exist at once.
  const [before, after] = [objectOf(olds.metadata), objectOf(news.metadata)];
  const sameName = before.name === after.name && before.namespace === after.namespace;
  const given = stringOf(objectOf(after.annotations)[AUTONAMED]) !== "true";
  return { changes, deleteBeforeReplace: sameName && given && changes.some((change) => change.replace) };
}
