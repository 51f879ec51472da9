import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { CacheSettings } from "../../model/backends";
import type { Environment } from "../../model/environments";
import type { Key } from "../key";
import { logGroup } from "../logs";
import type { Network } from "../network/network";
import { secretWithValue } from "./secret";

export interface CacheArgs {
  /** `<app>-<environment>`, at most 40 characters. */
  name: string;
  environment: Environment;
  settings: CacheSettings;
  network: Pick<Network, "vpcId" | "privateSubnetIds">;
  key: Pick<Key, "arn">;
  /** The security group of the pods: nothing else reaches the cache. */
  clientSecurityGroupId: pulumi.Input<string>;
}

const PORT = 6379;

/**
 * Redis, as the application is written and tested for it, and 7.1 is the last that ElastiCache has. AWS takes
 * a group from here to Valkey in place, so nothing is lost by staying until the application is tested on it.
 */
const ENGINE = { engine: "redis", engineVersion: "7.1" };

/** The parameter family of {@link ENGINE}. */
const FAMILY = "redis7";

/** Well below the 128 characters that ElastiCache takes; letters and digits need no escape in a URL. */
const TOKEN = { length: 64, special: false };

/** The cache: one primary with its replicas, or with `shards` as many as that, reached under one address. */
export class Cache extends pulumi.ComponentResource {
  /** Where clients connect, by TLS alone: the primary, or in cluster mode whatever tells them the shards. */
  readonly address: pulumi.Output<string>;
  readonly port = PORT;
  /** The secret with `host`, `port`, `auth-token` and `url`, as a JSON object. */
  readonly secretArn: pulumi.Output<string>;

  constructor(name: string, args: CacheArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:backends:Cache", name, {}, opts);
    const { settings, environment, key } = args;
    const prod = environment === "prod";
    const sharded = settings.shards > 0;
    const replicated = settings.replicas > 0;
    const inside = { parent: this };
    const resource = `${args.name}-cache`;
    const token = new random.RandomPassword(resource, TOKEN, { ...inside, protect: prod });
    const group = new aws.elasticache.ReplicationGroup(
      resource,
      {
        replicationGroupId: args.name,
        description: `Redis of ${args.name}`,
        ...ENGINE,
        port: PORT,
        nodeType: settings.nodeType,
        clusterMode: sharded ? "enabled" : "disabled",
        // The two ways to say how many exclude each other.
        ...(sharded
          ? { numNodeGroups: settings.shards, replicasPerNodeGroup: settings.replicas }
          : { numCacheClusters: 1 + settings.replicas }),
        // AWS has no cluster mode without it, replicas or not; without cluster mode it needs a replica.
        automaticFailoverEnabled: replicated || sharded,
        multiAzEnabled: replicated,
        parameterGroupName: parameterGroup(resource, sharded, inside).name,
        subnetGroupName: new aws.elasticache.SubnetGroup(
          resource,
          { description: `Redis of ${args.name}`, subnetIds: args.network.privateSubnetIds },
          inside,
        ).name,
        securityGroupIds: [securityGroup(resource, args, inside).id],
        atRestEncryptionEnabled: true,
        kmsKeyId: key.arn,
        transitEncryptionEnabled: true,
        transitEncryptionMode: "required",
        authToken: token.result,
        // ROTATE, the default, leaves the way without a password open until a SET follows.
        authTokenUpdateStrategy: "SET",
        snapshotRetentionLimit: settings.snapshotDays,
        snapshotWindow: "03:00-04:00",
        ...(environment !== "dev" && { finalSnapshotIdentifier: finalSnapshot(args, inside) }),
        maintenanceWindow: "sun:05:00-sun:06:00",
        applyImmediately: !prod,
        autoMinorVersionUpgrade: true,
        logDeliveryConfigurations: ["slow-log", "engine-log"].map((logType) => ({
          logType,
          logFormat: "json",
          destinationType: "cloudwatch-logs",
          destination: logGroup(
            `${resource}-${logType}`,
            { path: `/aws/elasticache/${args.name}/${logType}`, environment, key },
            inside,
          ).name,
        })),
      },
      // Who rotates the token does so in AWS, where both work for a while, and the program does not undo it.
      { ...inside, protect: prod, ignoreChanges: ["authToken"] },
    );
    this.address = sharded ? group.configurationEndpointAddress : group.primaryEndpointAddress;
    this.secretArn = secretWithValue(
      resource,
      {
        description: `How to reach the Redis of ${args.name}`,
        environment,
        key,
        value: {
          host: this.address,
          port: PORT,
          "auth-token": token.result,
          url: pulumi.interpolate`rediss://:${token.result}@${this.address}:${PORT}`,
        },
      },
      { ...inside, protect: prod },
    ).arn;
    this.registerOutputs({ address: this.address, secretArn: this.secretArn });
  }
}

/**
 * The parameters. Cluster mode has a group of its own: `cluster-enabled` cannot change in one that is in use.
 * Only keys with an expiry are evicted: services keep queues here as well, which must not vanish in silence.
 */
const parameterGroup = (
  name: string,
  sharded: boolean,
  opts: pulumi.CustomResourceOptions,
): aws.elasticache.ParameterGroup =>
  new aws.elasticache.ParameterGroup(
    `${name}-${sharded ? "sharded" : "single"}`,
    {
      family: FAMILY,
      description: `Redis ${sharded ? "in cluster mode" : "with one primary"}`,
      parameters: [
        { name: "cluster-enabled", value: sharded ? "yes" : "no" },
        { name: "maxmemory-policy", value: "volatile-lru" },
      ],
    },
    opts,
  );

/** Redis for the pods alone. It has no way out: it answers, and calls nobody. */
function securityGroup(
  name: string,
  { network, clientSecurityGroupId }: Pick<CacheArgs, "network" | "clientSecurityGroupId">,
  opts: pulumi.CustomResourceOptions,
): aws.ec2.SecurityGroup {
  const group = new aws.ec2.SecurityGroup(
    name,
    { description: "Redis, for pods", vpcId: network.vpcId },
    opts,
  );
  new aws.vpc.SecurityGroupIngressRule(
    name,
    {
      securityGroupId: group.id,
      referencedSecurityGroupId: clientSecurityGroupId,
      description: "Pods to Redis",
      ipProtocol: "tcp",
      fromPort: PORT,
      toPort: PORT,
    },
    opts,
  );
  return group;
}

/** A name that no cache of this name had before: with one that exists AWS refuses to delete the group. */
const finalSnapshot = (
  { name }: Pick<CacheArgs, "name">,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> =>
  pulumi.interpolate`${name}-final-${new random.RandomId(`${name}-cache-final`, { byteLength: 4 }, opts).hex}`;
