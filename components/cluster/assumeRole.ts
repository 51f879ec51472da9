import * as pulumi from "@pulumi/pulumi";

/** Trust policy for an AWS service, as the JSON text that IAM takes. */
export const assumedByService = (service: string): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });

/**
 * Trust policy for one Kubernetes service account, through the cluster's OIDC provider (IRSA).
 *
 * @param issuer the provider's issuer, with or without `https://`
 */
export const assumedByServiceAccount = (
  providerArn: pulumi.Input<string>,
  issuer: pulumi.Input<string>,
  namespace: string,
  serviceAccount: string,
): pulumi.Output<string> =>
  pulumi.all([providerArn, issuer]).apply(([arn, url]) => {
    const host = url.replace(/^https:\/\//, "");
    return JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Federated: arn },
          Action: "sts:AssumeRoleWithWebIdentity",
          Condition: {
            StringEquals: {
              [`${host}:aud`]: "sts.amazonaws.com",
              [`${host}:sub`]: `system:serviceaccount:${namespace}:${serviceAccount}`,
            },
          },
        },
      ],
    });
  });
