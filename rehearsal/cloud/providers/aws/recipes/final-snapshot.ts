import { CloudError } from "../../../faults";
import type { Held, World } from "../../../world";
import type { Values } from "../../behaviour";

export const SNAPSHOT = "aws:rds/snapshot:Snapshot";

/** What a snapshot tells of the instance that it was taken from. */
export function snapshotOf(source: Held | undefined): Values {
  const of = (source?.properties ?? {}) as Values;
  const copied = ["allocatedStorage", "engine", "engineVersion", "storageType", "availabilityZone", "port"];
  return {
    status: "available",
    encrypted: of.storageEncrypted === true,
    ...Object.fromEntries(
      copied.filter((name) => of[name] !== undefined && of[name] !== "").map((name) => [name, of[name]!]),
    ),
  };
}

/** DeleteDBInstance: what is protected stays, and without a final snapshot only what said so. */
export function refuseDeletion({ properties }: Held, world: World): void {
  const { identifier, deletionProtection, skipFinalSnapshot, finalSnapshotIdentifier, replicateSourceDb } =
    properties;
  if (deletionProtection === true) {
    throw new CloudError(
      "InvalidParameterCombination",
      `Cannot delete protected DB Instance ${String(identifier)}, please disable deletion protection and try again.`,
    );
  }
  if (skipFinalSnapshot === true) return;
  if (typeof replicateSourceDb === "string" && replicateSourceDb !== "") {
    throw new CloudError(
      "InvalidParameterCombination",
      "FinalDBSnapshotIdentifier can not be specified when deleting a read replica: set skipFinalSnapshot",
    );
  }
  if (typeof finalSnapshotIdentifier !== "string" || finalSnapshotIdentifier === "") {
    throw new CloudError(
      "InvalidParameterCombination",
      "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.",
    );
  }
  if (world.get(SNAPSHOT, finalSnapshotIdentifier)) {
    throw new CloudError(
      "DBSnapshotAlreadyExists",
      `Cannot create the snapshot because a snapshot with the identifier ${finalSnapshotIdentifier} already exists.`,
    );
  }
}

/** The final snapshot is nobody's resource: it stays in the world when the stack is gone. */
export function keepFinalSnapshot(held: Held, world: World): void {
  const { skipFinalSnapshot, finalSnapshotIdentifier, identifier, region } = held.properties;
  if (skipFinalSnapshot === true || typeof finalSnapshotIdentifier !== "string") return;
  world.put({
    type: SNAPSHOT,
    id: finalSnapshotIdentifier,
    properties: {
      dbInstanceIdentifier: identifier,
      dbSnapshotIdentifier: finalSnapshotIdentifier,
      region,
      snapshotType: "manual",
      ...snapshotOf(held),
    },
  });
}
