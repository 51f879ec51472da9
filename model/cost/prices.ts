/**
 * On-demand list prices in USD, without tax, savings plans or free tiers. They were written down from AWS's
 * public price pages as they were known at {@link PRICES_AS_OF} and change without notice: check them against
 * {@link PRICES_SOURCE} before you rely on a sum.
 */
export const PRICES_AS_OF = "2025-06";

/** Where a reader checks them. */
export const PRICES_SOURCE = "https://calculator.aws";

/** The one region whose prices are known here. */
export const PRICED_REGION = "us-east-1";

/** What AWS bills as a month, in hours. */
export const HOURS = 730;

/** EC2, Linux, shared tenancy: by instance type, an hour. */
export const EC2: Readonly<Record<string, number>> = {
  "m6i.large": 0.096,
  "m6i.xlarge": 0.192,
  "m6i.2xlarge": 0.384,
  "m6i.4xlarge": 0.768,
  "m6i.8xlarge": 1.536,
  "m7i.xlarge": 0.2016,
  "m7i.2xlarge": 0.4032,
  "m7i.4xlarge": 0.8064,
};

/** RDS for PostgreSQL in one zone: by instance class, an hour. A standby costs as much again. */
export const RDS: Readonly<Record<string, number>> = {
  "db.t4g.micro": 0.016,
  "db.t4g.small": 0.032,
  "db.t4g.medium": 0.065,
  "db.t4g.large": 0.129,
  "db.m6g.large": 0.159,
  "db.m6g.xlarge": 0.318,
  "db.m7g.large": 0.168,
  "db.m7g.xlarge": 0.337,
  "db.m7g.2xlarge": 0.674,
  "db.m7g.4xlarge": 1.348,
  "db.r7g.large": 0.239,
  "db.r7g.xlarge": 0.478,
  "db.r7g.2xlarge": 0.956,
};

/** ElastiCache for Redis OSS: by node type, an hour. */
export const ELASTICACHE: Readonly<Record<string, number>> = {
  "cache.t4g.micro": 0.016,
  "cache.t4g.small": 0.032,
  "cache.t4g.medium": 0.065,
  "cache.m6g.large": 0.149,
  "cache.m7g.large": 0.158,
  "cache.m7g.xlarge": 0.315,
  "cache.m7g.2xlarge": 0.629,
  "cache.r7g.large": 0.219,
  "cache.r7g.xlarge": 0.437,
};

/** Everything else, each in the unit that its name ends with. */
export const PRICES = {
  eksClusterHour: 0.1,
  natGatewayHour: 0.045,
  natGatewayGb: 0.045,
  publicAddressHour: 0.005,
  loadBalancerHour: 0.0225,
  loadBalancerCapacityUnitHour: 0.008,
  interfaceEndpointHour: 0.01,
  rdsStorageGbMonth: 0.115,
  ebsGbMonth: 0.08,
  webAclMonth: 5,
  webAclRuleMonth: 1,
  keyMonth: 1,
  secretMonth: 0.4,
  logsGb: 0.5,
  alarmMetricMonth: 0.1,
  metricRequested: 0.00001,
  functionGbSecond: 0.0000133334,
  functionCall: 0.0000002,
} as const;
