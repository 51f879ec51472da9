import { randomUUID } from "node:crypto";
import { nowIso } from "../../../cloud/clock";
import type { Value, Values } from "../providers/behaviour";
import { CloudError } from "../faults";
import type { Held, World } from "../world";
import { knownTokens, RELEASE, resourceName, type Kind } from "./kinds";
import { objectOf, stringOf } from "./objects";

const NAMESPACE = "kubernetes:core/v1:Namespace";
const BUILT_IN = ["default", "kube-node-lease", "kube-public", "kube-system"];

/** The id that Pulumi gives an object: `namespace/name`, or the name where the kind has no namespaces. */
export function idOf(object: Values): string {
  const { name, namespace } = objectOf(object.metadata);
  return namespace === undefined ? String(name) : `${String(namespace)}/${String(name)}`;
}

/** The local cluster's store of objects: it completes them and keeps them in the world. */
export class ApiServer {
  #version = 1000;
  #address = 10;

  constructor(readonly world: World) {}

  /**
   * @throws CloudError `AlreadyExists` when there is such an object, `NotFound` when its namespace is missing
   */
  create(type: string, kind: Kind, inputs: Values): Held {
    const id = idOf(inputs);
    const metadata = objectOf(inputs.metadata);
    if (this.world.get(type, id)) {
      throw new CloudError(
        "AlreadyExists",
        `${resourceName(kind)} "${String(metadata.name)}" already exists`,
      );
    }
    this.needNamespace(stringOf(metadata.namespace));
    const held: Held = {
      type,
      id,
      properties: this.#complete(kind, inputs, {
        creationTimestamp: nowIso().replace(/\.\d+Z$/, "Z"),
        generation: 1,
        uid: randomUUID(),
      }),
    };
    this.world.put(held);
    return held;
  }

  /** @throws CloudError `NotFound` when there is no such object */
  update(type: string, kind: Kind, id: string, inputs: Values): Held {
    const held = this.world.get(type, id);
    if (!held) {
      throw new CloudError("NotFound", `${resourceName(kind)} "${id.split("/").pop()!}" not found`);
    }
    const old = objectOf(held.properties);
    const { creationTimestamp, generation, uid } = objectOf(old.metadata);
    const changed = JSON.stringify(old.spec) !== JSON.stringify(this.#spec(kind, inputs, old));
    held.properties = this.#complete(
      kind,
      inputs,
      {
        creationTimestamp: creationTimestamp!,
        generation: Number(generation) + (changed ? 1 : 0),
        uid: uid!,
      },
      old,
    );
    this.world.put(held);
    return held;
  }

  /** Removes an object; with a namespace all that is in it. One that is gone is no error. */
  delete(type: string, id: string): void {
    this.world.remove(type, id);
    if (type !== NAMESPACE) return;
    for (const token of [...knownTokens(), RELEASE]) {
      for (const held of this.world.all(token)) {
        if (held.id.startsWith(`${id}/`)) this.world.remove(held.type, held.id);
      }
    }
  }

  /** Sees to it that a namespace exists, as Helm's `createNamespace` does. */
  ensureNamespace(name: string, kind: Kind): void {
    if (BUILT_IN.includes(name) || this.world.get(NAMESPACE, name)) return;
    this.create(NAMESPACE, kind, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  }

  /** @throws CloudError `NotFound` when there is no such namespace */
  needNamespace(name: string | undefined): void {
    if (name === undefined || BUILT_IN.includes(name) || this.world.get(NAMESPACE, name)) return;
    throw new CloudError("NotFound", `namespaces "${name}" not found`);
  }

  #complete(kind: Kind, inputs: Values, computed: Values, old: Values = {}): Values {
    this.#version += 1;
    const object: Values = {
      ...inputs,
      metadata: { ...objectOf(inputs.metadata), ...computed, resourceVersion: String(this.#version) },
    };
    const spec = this.#spec(kind, inputs, old);
    if (spec !== undefined) object.spec = spec;
    if (kind.kind === "Secret") object.data = secretData(inputs);
    const status = old.status ?? STATUS[kind.kind];
    if (status !== undefined) object.status = status;
    return object;
  }

  #spec(kind: Kind, inputs: Values, old: Values): Value | undefined {
    if (inputs.spec === undefined) return undefined;
    const spec = objectOf(inputs.spec);
    if (kind.kind === "Deployment" || kind.kind === "StatefulSet") return { replicas: 1, ...spec };
    if (kind.kind !== "Service" || spec.type === "ExternalName") return spec;
    const clusterIP = spec.clusterIP ?? objectOf(old.spec).clusterIP ?? this.#clusterIP();
    return { type: "ClusterIP", ...spec, clusterIP, clusterIPs: [clusterIP] };
  }

  /** From the range that EKS gives to Services by default. */
  #clusterIP(): string {
    this.#address += 1;
    return `172.20.${Math.floor(this.#address / 250)}.${(this.#address % 250) + 1}`;
  }
}

/** What the kinds without a controller of ours report as soon as they exist. */
const STATUS: Readonly<Record<string, Values>> = {
  CronJob: {},
  DaemonSet: {},
  Deployment: {},
  Ingress: { loadBalancer: {} },
  Job: {},
  Namespace: { phase: "Active" },
  PersistentVolumeClaim: { phase: "Bound" },
  Service: { loadBalancer: {} },
  StatefulSet: {},
};

/** A Secret's `stringData` ends up in `data`, encoded. */
function secretData(inputs: Values): Values {
  const encoded = Object.entries(objectOf(inputs.stringData)).map(([name, text]) => [
    name,
    Buffer.from(String(text), "utf8").toString("base64"),
  ]);
  return { ...objectOf(inputs.data), ...(Object.fromEntries(encoded) as Values) };
}
