import type { SecretData, SecretHistory } from "./secret-history";
import type { SecretReferences, SecretVolume } from "./secret-references";

/** The Secrets that a pod holds: variables as they were when its container started, and files that follow. */
export class PodSecrets {
  #variables: string[] = [];
  #since = 0;

  constructor(
    readonly references: SecretReferences,
    readonly namespace: string,
    readonly history: SecretHistory,
  ) {}

  /**
   * Takes what the container starts with.
   *
   * @returns why it cannot start, as `kubectl describe pod` would put it; undefined where it can
   */
  start(): string | undefined {
    const missing = this.#missing();
    if (missing !== undefined) return missing;
    this.#since = performance.now();
    this.#variables = this.references.variables.flatMap(({ secret, key }) => {
      const data = this.#now(secret) ?? {};
      return key === undefined ? Object.values(data) : (data[key] ?? []);
    });
    return undefined;
  }

  /** What the mounted files hold now, by content. */
  files(): string[] {
    return this.references.volumes.flatMap((volume) => Object.values(this.#filesOf(volume)));
  }

  /** What the variables have held since the start. */
  variables(): readonly string[] {
    return this.#variables;
  }

  #missing(): string | undefined {
    for (const { volume, secret, keys = [], optional } of this.references.volumes) {
      const data = this.#now(secret);
      const absent = keys.find((key) => data && !(key in data));
      const why = !data
        ? `secret "${secret}" not found`
        : absent !== undefined && `references non-existent secret key: ${absent}`;
      if (why && !optional)
        return `ContainerCreating: MountVolume.SetUp failed for volume "${volume}" : ${why}`;
    }
    for (const { secret, key, optional } of this.references.variables) {
      const data = this.#now(secret);
      const why = !data
        ? `secret "${secret}" not found`
        : key !== undefined &&
          !(key in data) &&
          `couldn't find key ${key} in Secret ${this.namespace}/${secret}`;
      if (why && !optional) return `CreateContainerConfigError: ${why}`;
    }
    return undefined;
  }

  #filesOf({ secret, keys, fixed }: SecretVolume): SecretData {
    const id = `${this.namespace}/${secret}`;
    const data = this.history.mounted(id, this.#since, fixed);
    return keys ? Object.fromEntries(keys.flatMap((key) => (key in data ? [[key, data[key]!]] : []))) : data;
  }

  #now(secret: string): SecretData | undefined {
    return this.history.now(`${this.namespace}/${secret}`);
  }
}
