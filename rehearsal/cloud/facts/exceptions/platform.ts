import { each, replaces, changes, NO_SCHEMA, OTHER_NAME, type Exception } from "./exception";

/** Everything else. */
export const PLATFORM: readonly Exception[] = [
  ...each(
    "pulumi:providers:aws",
    "region",
    { pattern: "^[a-z]{2,5}(-[a-z]+)+-[0-9]$" },
    "AWS's regions are all of this form, for example us-east-1",
  ),
  ...replaces(
    "aws:acm/certificateValidation:CertificateValidation",
    "certificateArn validationRecordFqdns",
    NO_SCHEMA,
  ),
  ...replaces("aws:acm/certificate:Certificate", "validationMethod", "the API has no call that changes it"),
  ...replaces("aws:s3/bucket:Bucket", "bucket", OTHER_NAME),
  ...[
    "bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "bucketOwnershipControls:BucketOwnershipControls",
    "bucketPublicAccessBlock:BucketPublicAccessBlock",
    "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "bucketVersioning:BucketVersioning",
  ].flatMap((type) => replaces(`aws:s3/${type}`, "bucket", NO_SCHEMA)),
  ...replaces(
    "aws:secretsmanager/secretVersion:SecretVersion",
    "secretId secretString secretBinary",
    NO_SCHEMA,
  ),
  ...replaces("aws:ecr/lifecyclePolicy:LifecyclePolicy", "repository policy", NO_SCHEMA),
  ...replaces("aws:kms/alias:Alias", "name", OTHER_NAME),
  ...replaces("aws:route53/record:Record", "name type zoneId", "the API deletes and creates records"),
  ...replaces("aws:lambda/permission:Permission", "function statementId qualifier", OTHER_NAME),
  ...changes("aws:ssm/parameter:Parameter", "tier", "PutParameter changes it in place"),
  ...each(
    "aws:ssm/parameter:Parameter",
    "type",
    { enum: ["String", "StringList", "SecureString"] },
    "SSM API, PutParameter.Type; CloudFormation makes no SecureString",
  ),
  ...each(
    "aws:ssm/parameter:Parameter",
    "dataType",
    { enum: ["text", "aws:ec2:image", "aws:ssm:integration"] },
    "SSM API, PutParameter.DataType; CloudFormation makes no aws:ssm:integration",
  ),
  ...each(
    "aws:cloudwatch/logGroup:LogGroup",
    "retentionInDays",
    {
      enum: [
        0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
        3653,
      ],
    },
    "the provider's documentation: 0 keeps events for ever",
  ),
  ...each(
    "aws:kms/alias:Alias",
    "name",
    { pattern: "^alias/[A-Za-z0-9/_-]+$" },
    "KMS API, CreateAlias.AliasName",
  ),
];
