import type { Values } from "../providers/behaviour";
import { listOf, objectOf, stringOf } from "./objects";

/** A variable that takes its value from a Secret. */
export interface SecretVariable {
  readonly name: string;
  readonly secret: string;
  /** Undefined for `envFrom`: each key is a variable. */
  readonly key: string | undefined;
  readonly optional: boolean;
}

/** A Secret that is mounted as files. */
export interface SecretVolume {
  readonly volume: string;
  readonly secret: string;
  /** The keys that become files; undefined means all. */
  readonly keys: readonly string[] | undefined;
  readonly optional: boolean;
  /** Mounted by `subPath` only: such a file keeps what it had when the container started. */
  readonly fixed: boolean;
}

/** What a pod wants of its namespace's Secrets. */
export interface SecretReferences {
  readonly variables: readonly SecretVariable[];
  readonly volumes: readonly SecretVolume[];
}

/** Reads a pod template: all its containers, those that run first included. */
export function secretReferences(template: Values): SecretReferences {
  const spec = objectOf(template.spec);
  const containers = [...listOf(spec.initContainers), ...listOf(spec.containers)].map(objectOf);
  const mounts = containers.flatMap(({ volumeMounts }) => listOf(volumeMounts).map(objectOf));
  return {
    variables: containers.flatMap(variablesOf),
    volumes: listOf(spec.volumes)
      .map(objectOf)
      .flatMap(({ name, secret, projected }) => {
        const mounted = mounts.filter((mount) => mount.name === name);
        const fixed = mounted.length > 0 && mounted.every(({ subPath }) => subPath !== undefined);
        const sources = [
          ...(secret === undefined ? [] : [{ ...objectOf(secret), name: objectOf(secret).secretName }]),
          ...listOf(objectOf(projected).sources).flatMap((source) =>
            objectOf(source).secret === undefined ? [] : [objectOf(objectOf(source).secret)],
          ),
        ] as Values[];
        return sources.map((source) => volumeOf(String(name), source, fixed));
      }),
  };
}

function variablesOf({ env, envFrom }: Values): SecretVariable[] {
  return [
    ...listOf(envFrom).flatMap((source) => {
      const { secretRef } = objectOf(source);
      const { name, optional } = objectOf(secretRef);
      if (secretRef === undefined) return [];
      return [{ name: "", secret: String(name), key: undefined, optional: optional === true }];
    }),
    ...listOf(env)
      .map(objectOf)
      .flatMap(({ name, valueFrom }) => {
        const reference = objectOf(valueFrom).secretKeyRef;
        if (reference === undefined) return [];
        const { name: secret, key, optional } = objectOf(reference);
        return [
          { name: String(name), secret: String(secret), key: String(key), optional: optional === true },
        ];
      }),
  ];
}

function volumeOf(volume: string, source: Values, fixed: boolean): SecretVolume {
  const items = source.items === undefined ? undefined : listOf(source.items).map(objectOf);
  return {
    volume,
    secret: stringOf(source.name) ?? "",
    keys: items?.map(({ key }) => String(key)),
    optional: source.optional === true,
    fixed,
  };
}
