/** Pulumi's tokens of the kinds that the controllers follow. */
export const DAEMON_SET = "kubernetes:apps/v1:DaemonSet";
export const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
export const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";
export const HORIZONTAL_POD_AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
export const JOB = "kubernetes:batch/v1:Job";
export const NAMESPACE = "kubernetes:core/v1:Namespace";
export const SERVICE = "kubernetes:core/v1:Service";
export const TARGET_GROUP_BINDING = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding";
export const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";
export const SECRET = "kubernetes:core/v1:Secret";
export const SERVICE_ACCOUNT = "kubernetes:core/v1:ServiceAccount";
export const EXTERNAL_SECRET = "kubernetes:external-secrets.io/v1:ExternalSecret";
export const SECRET_STORE = "kubernetes:external-secrets.io/v1:SecretStore";
export const CLUSTER_SECRET_STORE = "kubernetes:external-secrets.io/v1:ClusterSecretStore";
