import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { commonLabels } from "../service/labels";

/** Who Jobs on the database are; the cluster's API knows nothing of it, and it has no token. */
export const SERVICE_ACCOUNT = "database-jobs";

/** The identity of Jobs on the database. Their way to it is among the services' network policies. */
export const databaseJobAccount = (
  app: string,
  namespace: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.ServiceAccount =>
  new k8s.core.v1.ServiceAccount(
    SERVICE_ACCOUNT,
    {
      metadata: {
        name: SERVICE_ACCOUNT,
        namespace,
        labels: commonLabels(app, SERVICE_ACCOUNT, SERVICE_ACCOUNT),
      },
      automountServiceAccountToken: false,
    },
    opts,
  );
