/** What a kubeconfig for an EKS cluster says. */
export interface KubeconfigRequest {
  readonly clusterName: string;
  readonly endpoint: string;
  readonly certificateData: string;
  readonly region: string;
  readonly roleArn?: string;
  readonly profileName?: string;
}

/** A kubeconfig that asks the AWS command line for a token, in the published component's format. */
export function kubeconfig(request: KubeconfigRequest): object {
  const { clusterName, endpoint, certificateData, region, roleArn, profileName } = request;
  const args = ["--region", region, "eks", "get-token", "--cluster-name", clusterName, "--output", "json"];
  if (roleArn !== undefined) args.push("--role", roleArn);
  if (profileName !== undefined) args.push("--profile", profileName);
  return {
    apiVersion: "v1",
    clusters: [
      {
        cluster: { server: endpoint, "certificate-authority-data": certificateData },
        name: "kubernetes",
      },
    ],
    contexts: [{ context: { cluster: "kubernetes", user: "aws" }, name: "aws" }],
    "current-context": "aws",
    kind: "Config",
    users: [
      {
        name: "aws",
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "aws",
            args,
            env: [
              {
                name: "KUBERNETES_EXEC_INFO",
                value: '{"apiVersion": "client.authentication.k8s.io/v1beta1"}',
              },
            ],
          },
        },
      },
    ],
  };
}
