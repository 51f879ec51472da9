import { randomUUID } from "node:crypto";
import { nowIso } from "../../../../cloud/clock";
import type { Values } from "../../providers/behaviour";
import type { Held, World } from "../../world";
import { listOf, objectOf, stringOf } from "../objects";
import { SECRET } from "../tokens";

/** `namespace/name` of the Secret that an ExternalSecret writes: its target's name, or its own. */
export function targetOf(held: Held): string {
  const { name, namespace } = objectOf(held.properties.metadata);
  const { target } = objectOf(held.properties.spec);
  return `${String(namespace)}/${stringOf(objectOf(target).name) ?? String(name)}`;
}

/**
 * Writes the Secret, where anything of it differs.
 *
 * @throws Error where it belongs to another ExternalSecret, or is to be merged into one that is not there
 */
export function writeTarget(world: World, held: Held, content: Readonly<Record<string, string>>): string {
  const id = targetOf(held);
  const { creationPolicy = "Owner", template, immutable } = objectOf(objectOf(held.properties.spec).target);
  const before = world.get(SECRET, id);
  const owner = ownerOf(held);
  const other = listOf(objectOf(before?.properties.metadata).ownerReferences)
    .map(objectOf)
    .find(({ kind, uid }) => kind === "ExternalSecret" && uid !== owner.uid);
  if (other) throw new Error(`target is owned by another ExternalSecret: ${String(other.name)}`);
  if (creationPolicy === "None") return id;
  if (creationPolicy === "Merge" && !before) throw new Error(`the desired secret ${id} was not found`);
  const data = encoded(content);
  const secret: Values = {
    apiVersion: "v1",
    kind: "Secret",
    type: stringOf(objectOf(template).type) ?? "Opaque",
    data: creationPolicy === "Merge" ? { ...objectOf(before!.properties.data), ...data } : data,
    ...(immutable === true && { immutable }),
  };
  const metadata: Values = {
    ...objectOf(objectOf(template).metadata),
    name: id.split("/").pop()!,
    namespace: id.split("/")[0]!,
    ...(creationPolicy === "Owner" && { ownerReferences: [owner] }),
  };
  const written = objectOf(before?.properties.metadata);
  const same =
    JSON.stringify([
      before?.properties.data,
      before?.properties.type,
      written.labels,
      written.annotations,
    ]) === JSON.stringify([secret.data, secret.type, metadata.labels, metadata.annotations]);
  if (before && same) return id;
  metadata.uid = written.uid ?? randomUUID();
  metadata.creationTimestamp = written.creationTimestamp ?? nowIso();
  metadata.resourceVersion = String(Number(written.resourceVersion ?? 100_000) + 1);
  world.put({ type: SECRET, id, properties: { ...secret, metadata } });
  return id;
}

/** Removes the Secret with the ExternalSecret that owned it, as Kubernetes' garbage collector does. */
export function dropTarget(world: World, held: Held): void {
  const secret = world.get(SECRET, targetOf(held));
  const { uid } = objectOf(held.properties.metadata);
  const owners = listOf(objectOf(secret?.properties.metadata).ownerReferences).map(objectOf);
  if (secret && owners.some((owner) => owner.uid === uid)) world.remove(SECRET, secret.id);
}

function ownerOf(held: Held): Values {
  const { name, uid } = objectOf(held.properties.metadata);
  return {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    name: name!,
    uid: uid!,
    controller: true,
    blockOwnerDeletion: true,
  };
}

const encoded = (content: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(content).map(([key, text]) => [key, Buffer.from(text, "utf8").toString("base64")]),
  );
