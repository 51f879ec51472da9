import { CloudError } from "../../../faults";
import { hex, textOf, type Recipe } from "../recipe";
import { byArn, byName, globalArn, satellite, uuid } from "./common";

/** Backups, budgets, and watches over costs. */
export const GOVERNANCE: Readonly<Record<string, Recipe>> = {
  "aws:backup/vault:Vault": {
    ...byName("Backup", "BackupVault", {
      code: "AlreadyExistsException",
      outputs: (m) => ({
        arn: m.arn("backup", `backup-vault:${m.text("name")}`),
        kmsKeyArn: m.arn("kms", "alias/aws/backup"),
      }),
    }),
  },
  "aws:backup/plan:Plan": {
    ...byName("Backup", "BackupPlan", {}),
    make: (m) => {
      const id = uuid();
      return { id, outputs: { arn: m.arn("backup", `backup-plan:${id}`), version: hex(48) } };
    },
    volatile: ["version"],
    changed: () => ({ version: hex(48) }),
    refuseDelete: ({ id }, world) => {
      if (!world.all("aws:backup/selection:Selection").some(({ properties }) => properties.planId === id))
        return;
      throw new CloudError(
        "InvalidRequestException",
        "Related backup plan selections must be deleted prior to backup plan deletion",
      );
    },
  },
  "aws:backup/selection:Selection": {
    ...byName("Backup", "BackupSelection", {}),
    make: () => ({ id: uuid() }),
  },
  "aws:budgets/budget:Budget": {
    ...byName("Budgets", "Budget", {}),
    notFound: "NotFoundException",
    make: (m) => ({
      id: `${m.scope.account}:${m.text("name")}`,
      outputs: {
        accountId: m.scope.account,
        arn: globalArn(m, "budgets", `budget/${m.text("name")}`),
        limitUnit: "USD",
      },
    }),
    identity: {
      by: ["name"],
      code: "DuplicateRecordException",
      message: (v) => `Error creating budget: ${textOf(v.name)} - the budget already exists.`,
    },
  },
  "aws:costexplorer/anomalyMonitor:AnomalyMonitor": {
    ...byArn("Cost Explorer", "AnomalyMonitor", (m) => globalArn(m, "ce", `anomalymonitor/${uuid()}`)),
    notFound: "UnknownMonitorException",
  },
  "aws:costexplorer/anomalySubscription:AnomalySubscription": {
    ...byArn(
      "Cost Explorer",
      "AnomalySubscription",
      (m) => globalArn(m, "ce", `anomalysubscription/${uuid()}`),
      {
        outputs: (m) => ({ accountId: m.scope.account }),
      },
    ),
    notFound: "UnknownSubscriptionException",
  },
  "aws:dlm/lifecyclePolicy:LifecyclePolicy": {
    ...byName("DLM", "LifecyclePolicy", {}),
    make: (m) => {
      const id = `policy-0${hex(16)}`;
      return { id, outputs: { arn: m.arn("dlm", `policy/${id}`) } };
    },
  },
  "aws:autoscaling/tag:Tag": {
    ...satellite(
      "Auto Scaling",
      ["CreateOrUpdateTags", "CreateOrUpdateTags", "DeleteTags"],
      (m) => `${m.text("autoscalingGroupName")},${textOf((m.inputs.tag as { key?: string }).key)}`,
    ),
  },
};
