import { each, replaces, NO_SCHEMA, NO_UPDATE, OTHER_NAME, type Exception } from "./exception";

const CLOUDFRONT_NAMES: readonly (readonly [type: string, name: string, longest: number])[] = [
  ["aws:cloudfront/cachePolicy:CachePolicy", "name", 128],
  ["aws:cloudfront/originAccessControl:OriginAccessControl", "name", 64],
  ["aws:cloudfront/originRequestPolicy:OriginRequestPolicy", "name", 128],
  ["aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy", "name", 128],
];

const ORIGIN_ACCESS = "aws:cloudfront/originAccessControl:OriginAccessControl";

/** Secrets, builds, delivery, watching and backups. */
export const OPERATIONS: readonly Exception[] = [
  ...CLOUDFRONT_NAMES.flatMap(([type, name, maxLength]) =>
    each(type, name, { minLength: 1, maxLength }, "CloudFront API, the configuration's Name"),
  ),
  ...each(
    ORIGIN_ACCESS,
    "originAccessControlOriginType",
    { enum: ["lambda", "mediapackagev2", "mediastore", "s3"] },
    "CloudFront API, OriginAccessControlConfig.OriginAccessControlOriginType",
  ),
  ...each(
    ORIGIN_ACCESS,
    "signingBehavior",
    { enum: ["always", "never", "no-override"] },
    "CloudFront API, OriginAccessControlConfig.SigningBehavior",
  ),
  ...each(
    ORIGIN_ACCESS,
    "signingProtocol",
    { enum: ["sigv4"] },
    "CloudFront API, OriginAccessControlConfig.SigningProtocol",
  ),
  ...replaces("aws:autoscaling/tag:Tag", "autoscalingGroupName", NO_SCHEMA),
  ...replaces("autoscaling.TagTag", "key", NO_SCHEMA),
  ...replaces("aws:backup/plan:Plan", "name", "the provider's documentation has the property as immutable"),
  ...replaces(
    "aws:backup/selection:Selection",
    "conditions iamRoleArn name notResources planId resources selectionTags",
    NO_UPDATE,
  ),
  ...replaces("aws:budgets/budget:Budget", "accountId name", NO_SCHEMA),
  ...replaces("aws:cloudwatch/eventRule:EventRule", "eventBusName", OTHER_NAME),
  ...replaces("aws:cloudwatch/eventTarget:EventTarget", "eventBusName rule targetId", NO_SCHEMA),
  ...replaces("aws:cloudwatch/logDeliverySource:LogDeliverySource", "logType resourceArn", NO_UPDATE),
  ...replaces(
    "aws:cloudwatch/logDeliveryDestinationPolicy:LogDeliveryDestinationPolicy",
    "deliveryDestinationName",
    NO_SCHEMA,
  ),
  ...replaces("aws:cloudwatch/logMetricFilter:LogMetricFilter", "name", OTHER_NAME),
  ...replaces("aws:codebuild/webhook:Webhook", "manualCreation projectName", NO_SCHEMA),
  ...replaces("aws:costexplorer/anomalySubscription:AnomalySubscription", "accountId name", OTHER_NAME),
  ...replaces("aws:dlm/lifecyclePolicy:LifecyclePolicy", "defaultPolicy", NO_SCHEMA),
  ...replaces("aws:ec2/managedPrefixList:ManagedPrefixList", "addressFamily", NO_UPDATE),
  ...replaces("aws:ecr/repositoryPolicy:RepositoryPolicy", "repository", NO_SCHEMA),
  ...each(
    "aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration",
    "scanType",
    { enum: ["BASIC", "ENHANCED"] },
    "ECR API, PutRegistryScanningConfiguration.scanType",
  ),
  ...replaces("aws:kms/keyPolicy:KeyPolicy", "keyId", NO_SCHEMA),
  ...replaces("aws:rds/eventSubscription:EventSubscription", "name", OTHER_NAME),
  ...replaces(
    "aws:rds/snapshotCopy:SnapshotCopy",
    "copyTags destinationRegion kmsKeyId optionGroupName presignedUrl sourceDbSnapshotIdentifier targetCustomAvailabilityZone targetDbSnapshotIdentifier",
    NO_SCHEMA,
  ),
  ...replaces(
    "aws:route53/healthCheck:HealthCheck",
    "measureLatency referenceName requestInterval routingControlArn type",
    NO_SCHEMA,
  ),
  ...replaces("aws:s3/bucketLogging:BucketLogging", "bucket expectedBucketOwner", NO_SCHEMA),
  ...replaces("aws:s3/bucketObjectv2:BucketObjectv2", "bucket key", NO_SCHEMA),
  ...replaces("aws:secretsmanager/secretPolicy:SecretPolicy", "secretArn", OTHER_NAME),
  ...replaces("aws:secretsmanager/secretRotation:SecretRotation", "secretId", NO_SCHEMA),
  ...each(
    "aws:secretsmanager/secretRotation:SecretRotation",
    "rotationRules",
    { required: true },
    "the provider's documentation: a rotation of AWS's own making aside, rules are required",
  ),
  ...replaces(
    "aws:serverlessrepository/cloudFormationStack:CloudFormationStack",
    "applicationId name",
    NO_SCHEMA,
  ),
  ...replaces("aws:sns/topicPolicy:TopicPolicy", "arn", NO_SCHEMA),
  ...replaces("aws:sqs/queuePolicy:QueuePolicy", "queueUrl", NO_SCHEMA),
];
