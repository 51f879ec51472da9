import { instanceAt } from "../../../data/users";
import { CloudError } from "../../../faults";
import type { Making } from "../recipe";

/** What RDS refuses of an instance that its schema accepts. @param id of the instance, where it is there already */
export function refuseInstance(m: Making, id: string | undefined): void {
  if (m.inputs.replicateSourceDb !== undefined && m.text("replicateSourceDb") !== "") refuseReplica(m);
  else if (id === undefined) refuseMaster(m);
  else refuseShrinking(m, id);
  refusePassword(m);
}

function refuseReplica(m: Making): void {
  const name = m.text("replicateSourceDb");
  const source = instanceAt(m.world, name);
  const known = source && [source.properties.identifier, source.properties.arn].includes(name);
  if (!known) throw new CloudError("DBInstanceNotFound", `The source instance could not be found: ${name}`);
  if (source.properties.manageMasterUserPassword === true) {
    throw new CloudError(
      "InvalidDBInstanceState",
      `Read replicas can't be created from ${name}, whose master password is managed in Secrets Manager`,
    );
  }
  if (!(Number(source.properties.backupRetentionPeriod) > 0)) {
    throw new CloudError(
      "InvalidDBInstanceState",
      "Automated backups are not enabled for this database instance. To enable automated backups, use " +
        "ModifyDBInstance to set the backup retention period to a non-zero value.",
    );
  }
}

function refuseMaster(m: Making): void {
  const restored = ["snapshotIdentifier", "restoreToPointInTime", "s3Import"].some(
    (name) => m.inputs[name] !== undefined,
  );
  if (restored) return;
  const given = ["password", "passwordWo", "manageMasterUserPassword"].some(
    (name) => m.inputs[name] !== undefined,
  );
  const missing = !m.text("username") ? "MasterUsername" : !given ? "MasterUserPassword" : undefined;
  if (missing === undefined) return;
  throw new CloudError(
    "InvalidParameterValue",
    `The parameter ${missing} must be provided and must not be blank.`,
  );
}

/** Storage grows and never shrinks; what it has grown to by itself is no request of the program's. */
function refuseShrinking(m: Making, id: string): void {
  const now = Number(instanceAt(m.world, id)?.properties.allocatedStorage ?? 0);
  const wanted = Number(m.inputs.allocatedStorage ?? now);
  if (wanted >= now) return;
  throw new CloudError(
    "InvalidParameterCombination",
    `Requested storage size (${wanted} GiB) cannot be less than the current storage size (${now} GiB).`,
  );
}

function refusePassword(m: Making): void {
  const password = m.text("password");
  if (password === "" || /^[!#-.0-?A-~]{8,128}$/.test(password)) return;
  throw new CloudError(
    "InvalidParameterValue",
    "The parameter MasterUserPassword is not a valid password. Only 8 to 128 printable ASCII characters besides " +
      "'/', '@', '\"', ' ' may be used.",
  );
}
