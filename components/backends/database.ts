import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { DatabaseSettings } from "../../model/backends";
import type { Environment } from "../../model/environments";
import type { Key } from "../key";
import type { Network } from "../network/network";
import { primary, replica } from "./databaseInstances";
import { DATABASE_PORT, MASTER_USERNAME, databaseName, databaseUser } from "./databaseNames";
import { parameterGroup } from "./databaseParameters";
import { rotation, rotationSecurityGroup } from "./databaseRotation";
import { monitoringRole } from "./monitoringRole";
import { secretWithValue } from "./secret";

export interface DatabaseArgs {
  /** The instance's identifier, `<app>-<environment>`. */
  name: string;
  app: string;
  environment: Environment;
  region: string;
  settings: DatabaseSettings;
  network: Pick<Network, "vpcId" | "privateSubnetIds">;
  key: Pick<Key, "arn">;
  /** The security group of the pods: besides the rotation nobody else reaches the database. */
  clientSecurityGroupId: pulumi.Input<string>;
}

/** Characters of a first password, all of them letters and digits: it is as strong, and needs no escapes. */
const PASSWORD_LENGTH = 40;

/** PostgreSQL on RDS, its read replicas, and the credentials of its administrator and of the services. */
export class Database extends pulumi.ComponentResource {
  /** The primary's host name. */
  readonly address: pulumi.Output<string>;
  /** The read replicas' host names. */
  readonly readerAddresses: pulumi.Output<string>[];
  readonly port = DATABASE_PORT;
  readonly databaseName: string;
  /** The primary's identifier, by which snapshots are taken. */
  readonly identifier: pulumi.Output<string>;
  /** JSON: engine, host, port, username, password, dbname. For Jobs, never for services. */
  readonly masterSecretArn: pulumi.Output<string>;
  /** JSON: engine, host, port, username, password, dbname, masterarn. `username` alternates. */
  readonly appSecretArn: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;
  readonly instance: aws.rds.Instance;

  constructor(name: string, args: DatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:backends:Database", name, {}, opts);
    const { environment, key, settings, network } = args;
    // All of it: a destroy that stops at the instance would by then have closed the way to it.
    const own = { parent: this, protect: environment === "prod" };
    this.databaseName = databaseName(args.app);

    const group = new aws.ec2.SecurityGroup(
      `${args.name}-database`,
      { description: `Database of ${args.name}`, vpcId: network.vpcId },
      own,
    );
    this.securityGroupId = group.id;
    const rotating = rotationSecurityGroup(
      `${args.name}-rotation`,
      { vpcId: network.vpcId, databaseSecurityGroupId: group.id },
      own,
    );
    this.#admit(`${args.name}-pods`, "Pods", args.clientSecurityGroupId, own);
    const entrance = this.#admit(`${args.name}-rotation`, "Rotation of credentials", rotating.group.id, own);

    const context = {
      environment,
      settings,
      key,
      securityGroupId: group.id,
      // But this one: a new major version leaves it behind.
      parameterGroupName: parameterGroup(args.name, { parent: this }).name,
      monitoring: monitoringRole(`${args.name}-db-monitoring`, own),
    };
    const subnets = new aws.rds.SubnetGroup(
      args.name,
      { description: `Private subnets of ${args.name}`, subnetIds: network.privateSubnetIds },
      own,
    );
    const masterPassword = password(`${args.name}-master`, own);
    this.instance = primary(
      args.name,
      {
        ...context,
        databaseName: this.databaseName,
        subnetGroupName: subnets.name,
        password: masterPassword,
      },
      own,
    );
    this.address = this.instance.address;
    this.identifier = this.instance.identifier;
    // By number: a replica more or less leaves the others as they are.
    this.readerAddresses = Array.from({ length: settings.readReplicas }, (_, index) =>
      replica(`${args.name}-replica-${index + 1}`, { ...context, primary: this.instance }, own),
    ).map((reader) => reader.address);

    const connection = {
      engine: "postgres",
      host: this.address,
      port: DATABASE_PORT,
      dbname: this.databaseName,
    };
    const secret = { environment, key };
    const master = secretWithValue(
      `${args.name}-database-master`,
      {
        ...secret,
        description: `Administrator of the database of ${args.name}`,
        value: { ...connection, username: MASTER_USERNAME, password: masterPassword },
      },
      own,
    );
    this.masterSecretArn = master.arn;
    const app = secretWithValue(
      `${args.name}-database-app`,
      {
        ...secret,
        description: `The services' user of the database of ${args.name}`,
        value: {
          ...connection,
          username: databaseUser(args.app),
          password: password(`${args.name}-app`, own),
          masterarn: master.arn,
        },
      },
      own,
    );
    this.appSecretArn = app.arn;

    const both = {
      environment,
      key,
      network,
      region: args.region,
      securityGroupId: rotating.group.id,
      way: [...rotating.rules, entrance],
    };
    rotation(`${args.name}-rotate-master`, { ...both, secretArn: master.arn }, own);
    rotation(`${args.name}-rotate-app`, { ...both, secretArn: app.arn, masterSecretArn: master.arn }, own);
    this.registerOutputs({
      address: this.address,
      identifier: this.identifier,
      masterSecretArn: this.masterSecretArn,
      appSecretArn: this.appSecretArn,
    });
  }

  #admit(
    name: string,
    who: string,
    clientId: pulumi.Input<string>,
    opts: pulumi.CustomResourceOptions,
  ): aws.vpc.SecurityGroupIngressRule {
    return new aws.vpc.SecurityGroupIngressRule(
      `${name}-in`,
      {
        securityGroupId: this.securityGroupId,
        referencedSecurityGroupId: clientId,
        description: who,
        ipProtocol: "tcp",
        fromPort: DATABASE_PORT,
        toPort: DATABASE_PORT,
      },
      opts,
    );
  }
}

/** A first password, as a secret. */
const password = (name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> =>
  new random.RandomPassword(name, { length: PASSWORD_LENGTH, special: false }, opts).result;
