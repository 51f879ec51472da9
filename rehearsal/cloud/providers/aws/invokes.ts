import { createHash } from "node:crypto";
import { CloudError } from "../../faults";
import type { World } from "../../world";
import type { InvokeRequest, InvokeResult, Values } from "../behaviour";
import { scopeOf, type Scope } from "./config";
import { apiError } from "./errors";
import { CLOUDFRONT_FUNCTIONS } from "./invokes-cloudfront";
import { LOOKUPS } from "./invokes-lookups";
import { policyDocument } from "./policy-document";
import { textOf, texts } from "./recipe";
import { zonesOf } from "./zones";
import { HOSTED_ZONES } from "./recipes/elb-common";

type Function = (args: Values, scope: Scope, world: World) => Values;

const dnsSuffix = ({ partition }: Scope): string =>
  partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";

const getAvailabilityZones: Function = (args, { region }) => {
  const excluded = [...texts(args.excludeNames), ...texts(args.excludeZoneIds)];
  const left = zonesOf(region).filter(({ name, id }) => !excluded.includes(name) && !excluded.includes(id));
  return {
    names: left.map((z) => z.name),
    zoneIds: left.map((z) => z.id),
    groupNames: [region],
    id: region,
    region,
  };
};

/** The same image for the same question, as long as AWS publishes no newer one. */
const getAmi: Function = (args, { region, partition }) => {
  const id = `ami-0${createHash("sha256")
    .update(JSON.stringify([region, args]))
    .digest("hex")
    .slice(0, 16)}`;
  return {
    id,
    imageId: id,
    architecture: "x86_64",
    arn: `arn:${partition}:ec2:${region}::image/${id}`,
    blockDeviceMappings: [],
    creationDate: "2025-08-07T00:00:00.000Z",
    hypervisor: "xen",
    imageType: "machine",
    mostRecent: args.mostRecent ?? false,
    name: `al2023-ami-2023.8.20250807.0-kernel-6.1-x86_64`,
    ownerId: "137112412989",
    imageOwnerAlias: "amazon",
    platformDetails: "Linux/UNIX",
    public: true,
    region,
    rootDeviceName: "/dev/xvda",
    rootDeviceType: "ebs",
    state: "available",
    virtualizationType: "hvm",
    tags: {},
  };
};

const getParameter: Function = (args, { region }, world) => {
  const held = world.get("aws:ssm/parameter:Parameter", textOf(args.name));
  if (!held)
    throw apiError(
      { service: "SSM" },
      "GetParameter",
      new CloudError("ParameterNotFound", textOf(args.name)),
    );
  const { name, type, value, version, arn } = held.properties as Values;
  return {
    id: held.id,
    name: name ?? held.id,
    type: type ?? "String",
    value: value ?? "",
    insecureValue: type === "SecureString" ? "" : (value ?? ""),
    version: version ?? 1,
    arn: arn ?? "",
    region,
    withDecryption: args.withDecryption ?? true,
  };
};

const hostedZoneId: Function = (args, { region }) => {
  if (args.loadBalancerType === "network") {
    throw new Error("the local cloud knows the hosted zones of application load balancers only");
  }
  const id = HOSTED_ZONES[region];
  if (id === undefined)
    throw new Error(`the local cloud knows no hosted zone of load balancers in ${region}`);
  return { id, region, loadBalancerType: "application" };
};

/** The accounts from which load balancers wrote access logs before there was a service principal. */
const LOG_ACCOUNTS: Readonly<Record<string, string>> = {
  "us-east-1": "127311923021",
  "us-east-2": "033677994240",
  "us-west-1": "027434742980",
  "us-west-2": "797873946194",
  "eu-west-1": "156460612806",
  "eu-west-2": "652711504416",
  "eu-central-1": "054676820928",
  "ap-northeast-1": "582318560864",
  "ap-southeast-1": "114774131450",
  "ap-southeast-2": "783225319266",
};

const serviceAccount: Function = (_, { region, partition }) => {
  const id = LOG_ACCOUNTS[region];
  if (id === undefined)
    throw new Error(`the local cloud knows no log account of load balancers in ${region}`);
  return { id, arn: `arn:${partition}:iam::${id}:root`, region };
};

const getPolicyDocument: Function = (args) => {
  const json = policyDocument(args);
  const id = String(Number.parseInt(createHash("sha256").update(json).digest("hex").slice(0, 8), 16));
  return { ...args, id, json, minifiedJson: JSON.stringify(JSON.parse(json)) };
};

const FUNCTIONS: Readonly<Record<string, Function>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": (_, { account, partition }) => ({
    id: account,
    accountId: account,
    arn: `arn:${partition}:iam::${account}:user/rehearsal`,
    userId: "AIDAREHEARSAL00000000",
  }),
  "aws:index/getRegion:getRegion": (args, scope) => {
    const region = textOf(args.name) || scope.region;
    const endpoint = `ec2.${region}.${dnsSuffix(scope)}`;
    return { id: region, name: region, region, description: region, endpoint };
  },
  "aws:index/getPartition:getPartition": (_, scope) => ({
    id: scope.partition,
    partition: scope.partition,
    dnsSuffix: dnsSuffix(scope),
    reverseDnsPrefix: dnsSuffix(scope).split(".").reverse().join("."),
  }),
  "aws:index/getDefaultTags:getDefaultTags": (_, { defaultTags }) => ({ id: "default", tags: defaultTags }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": getAvailabilityZones,
  "aws:ec2/getAmi:getAmi": getAmi,
  "aws:ec2/getManagedPrefixList:getManagedPrefixList": (args, { region, partition }) => {
    const name = textOf(args.name);
    const id = `pl-${createHash("sha256")
      .update(region + name)
      .digest("hex")
      .slice(0, 8)}`;
    const arn = `arn:${partition}:ec2:${region}:aws:prefix-list/${id}`;
    return {
      id,
      name,
      arn,
      region,
      addressFamily: "IPv4",
      entries: [],
      maxEntries: 55,
      ownerId: "AWS",
      tags: {},
      version: 1,
    };
  },
  "aws:ssm/getParameter:getParameter": getParameter,
  "aws:iam/getPolicyDocument:getPolicyDocument": getPolicyDocument,
  "aws:elb/getServiceAccount:getServiceAccount": serviceAccount,
  "aws:elb/getHostedZoneId:getHostedZoneId": hostedZoneId,
  "aws:lb/getHostedZoneId:getHostedZoneId": hostedZoneId,
  ...CLOUDFRONT_FUNCTIONS,
  ...LOOKUPS,
};

/** Runs one of AWS's functions. The engine calls none whose arguments are not known. */
export function invoke({ token, args, provider }: InvokeRequest, world: World): InvokeResult {
  const run = FUNCTIONS[token];
  if (!run) {
    throw new Error(
      `the local cloud has no function ${token}; it has ${Object.keys(FUNCTIONS).join(", ")}. ` +
        "Add it to rehearsal/cloud/providers/aws/invokes.ts",
    );
  }
  const scope = scopeOf(provider, args.region);
  return { result: run(args, scope, world) };
}
