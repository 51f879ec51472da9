import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";
import type { Key } from "../key";
import { logGroup } from "../logs";
import type { Network } from "../network/network";
import { DATABASE_PORT } from "./databaseNames";

/** What both rotations of one database share. */
export interface RotationContext {
  environment: Environment;
  region: string;
  network: Pick<Network, "privateSubnetIds">;
  key: Pick<Key, "arn">;
  /** The security group of the functions. */
  securityGroupId: pulumi.Input<string>;
  /** The way to the database, which there must be before. */
  way: pulumi.Resource[];
}

export interface RotationArgs extends RotationContext {
  /** The secret that is rotated, once it has a value. */
  secretArn: pulumi.Input<string>;
  /** The administrator's secret. Given: two users take turns, and the former one goes on working. */
  masterSecretArn?: pulumi.Input<string>;
}

/** AWS's own rotation functions, by its account of the Serverless Application Repository. */
const PUBLISHER = "arn:aws:serverlessrepo:us-east-1:297356227824:applications";
const VERSION = "1.1.671";

const ROTATION_DAYS = 30;

/**
 * Only letters, digits and `-_.~` are left: a password that is part of a URL needs no escapes, and no tool
 * (Alembic's interpolation of `%` for one) can stumble over them.
 */
const EXCLUDED_CHARACTERS = "!\"#$%&'()*+,/:;<=>?@[\\]^`{|}";

/**
 * Rotates a secret every 30 days, by a function of AWS's in the VPC. The first rotation is a period away:
 * an application's user is made only after its secret.
 *
 * @param name of the function, at most 64 characters
 */
export function rotation(
  name: string,
  args: RotationArgs,
  opts: pulumi.CustomResourceOptions,
): aws.secretsmanager.SecretRotation {
  const { environment, key, masterSecretArn } = args;
  const logs = logGroup(name, { path: `/aws/lambda/${name}`, environment, key }, opts);
  const scheme = masterSecretArn === undefined ? "SingleUser" : "MultiUser";
  const application = new aws.serverlessrepository.CloudFormationStack(
    name,
    {
      name,
      applicationId: `${PUBLISHER}/SecretsManagerRDSPostgreSQLRotation${scheme}`,
      semanticVersion: VERSION,
      // It makes a role, and lets Secrets Manager call the function.
      capabilities: ["CAPABILITY_IAM", "CAPABILITY_RESOURCE_POLICY"],
      parameters: {
        functionName: name,
        endpoint: `https://secretsmanager.${args.region}.amazonaws.com`,
        vpcSubnetIds: pulumi.output(args.network.privateSubnetIds).apply((ids) => ids.join(",")),
        vpcSecurityGroupIds: args.securityGroupId,
        kmsKeyArn: key.arn,
        // Not the application's default value: AWS would leave that out when asked, which shows as a change.
        excludeCharacters: EXCLUDED_CHARACTERS,
        ...(masterSecretArn !== undefined && {
          masterSecretArn,
          masterSecretKmsKeyArn: key.arn,
        }),
      },
    },
    { ...opts, dependsOn: [logs] },
  );
  return new aws.secretsmanager.SecretRotation(
    name,
    {
      secretId: args.secretArn,
      rotationLambdaArn: application.outputs.apply(functionArn),
      rotationRules: { automaticallyAfterDays: ROTATION_DAYS },
      rotateImmediately: false,
    },
    { ...opts, dependsOn: args.way },
  );
}

/** @throws Error where the application does not say what it made */
function functionArn(outputs: Record<string, string>): string {
  const arn = outputs["RotationLambdaARN"];
  if (arn !== undefined) return arn;
  throw new Error(
    `the rotation's application ${VERSION} has the outputs ${Object.keys(outputs).join(", ") || "(none)"}; it needs RotationLambdaARN: choose a version that has it in databaseRotation.ts`,
  );
}

/** Groups between which the way to the database is opened. */
export interface Ways {
  vpcId: pulumi.Input<string>;
  databaseSecurityGroupId: pulumi.Input<string>;
}

/** The security group of the rotation's functions: to the database, and to Secrets Manager's API. */
export function rotationSecurityGroup(
  name: string,
  { vpcId, databaseSecurityGroupId }: Ways,
  opts: pulumi.CustomResourceOptions,
): { group: aws.ec2.SecurityGroup; rules: pulumi.Resource[] } {
  const group = new aws.ec2.SecurityGroup(
    name,
    { description: "Rotation of the database's credentials", vpcId },
    opts,
  );
  const out = { securityGroupId: group.id, ipProtocol: "tcp" };
  const rules = [
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-database`,
      {
        ...out,
        description: "To the database",
        fromPort: DATABASE_PORT,
        toPort: DATABASE_PORT,
        referencedSecurityGroupId: databaseSecurityGroupId,
      },
      opts,
    ),
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-api`,
      {
        ...out,
        // The API has no fixed addresses: by its VPC endpoint it is inside, without one it is outside.
        description: "To Secrets Manager",
        fromPort: 443,
        toPort: 443,
        cidrIpv4: "0.0.0.0/0",
      },
      opts,
    ),
  ];
  return { group, rules };
}
