import type { PlannedChange } from "./planned";

/** What is lost, or interrupted for everybody, where a resource of a type is deleted or replaced; the worst first. */
const PRECIOUS: Readonly<Record<string, string>> = {
  "aws:rds/instance:Instance": "the database, with its data",
  "aws:elasticache/replicationGroup:ReplicationGroup": "the cache, with its data",
  "aws:ec2/vpc:Vpc": "the network, and everything in it",
  "aws:eks/cluster:Cluster": "the cluster, and everything in it",
  "aws:kms/key:Key": "a key: what it encrypts is unreadable without it",
  "aws:s3/bucket:Bucket": "a bucket, with what is in it",
  "aws:ecr/repository:Repository": "a repository, with the images in it",
  "aws:secretsmanager/secret:Secret": "a secret, with its versions",
  "aws:rds/snapshot:Snapshot": "a snapshot, which is the way back of a migration",
  "aws:lb/loadBalancer:LoadBalancer": "the load balancer, and its address",
  "aws:lb/listener:Listener": "a listener: nobody is served until there is another",
  "aws:cloudfront/distribution:Distribution": "what users reach the stack by",
  "aws:ssm/parameter:Parameter": "a parameter that others read",
  "kubernetes:core/v1:Namespace": "the namespace, with every object in it",
  "kubernetes:core/v1:PersistentVolumeClaim": "a volume, with its data",
  "pulumi:providers:kubernetes": "the connection to the cluster, and with it every object there",
  "random:index/randomPassword:RandomPassword": "a password: whoever uses it must get the new one",
};

/** Helm releases that hold data, by their logical name. */
const DATA_RELEASES: Readonly<Record<string, string>> = {
  "vector-store": "the vector store, with its data",
};

/** What a preview would take away: what it is for people, and the change that does it. */
export interface Loss {
  readonly what: string;
  readonly change: PlannedChange;
}

/** Everything that planned changes would take away, the worst first. */
export const lossesOf = (changes: readonly PlannedChange[]): Loss[] =>
  changes
    .flatMap((change): Loss[] => {
      const what = preciousLoss(change);
      return what === undefined ? [] : [{ what, change }];
    })
    .sort((one, other) => weightOf(one.change) - weightOf(other.change));

const TYPES = Object.keys(PRECIOUS);

/** A Helm release with data, and whatever is protected, stand first. */
const weightOf = ({ type }: PlannedChange): number => TYPES.indexOf(type);

/** What a planned change would take away that does not come back by itself; undefined where it would not. */
export function preciousLoss({ kind, type, name, protected: guarded }: PlannedChange): string | undefined {
  if (kind !== "replace" && kind !== "delete") return undefined;
  const release = type === "kubernetes:helm.sh/v3:Release" ? DATA_RELEASES[name] : undefined;
  return PRECIOUS[type] ?? release ?? (guarded ? "a protected resource" : undefined);
}
