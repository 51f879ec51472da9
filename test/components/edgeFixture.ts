import * as pulumi from "@pulumi/pulumi";
import type { Network } from "../../components/network/network";
import { RecordingMocks } from "./mocks";

export const ACCOUNT = "123456789012";

export const network = {
  vpcId: pulumi.output("vpc-1"),
  publicSubnetIds: pulumi.output(["subnet-1", "subnet-2"]),
} as Network;

export const key = { arn: pulumi.output("arn:key") };

/** Answers besides what the edge's resources and functions of AWS tell. */
class EdgeMocks extends RecordingMocks {
  override newResource(args: pulumi.runtime.MockResourceArgs) {
    const made = super.newResource(args);
    return { ...made, state: { ...made.state, ...toldOf(args) } };
  }

  override call({ token, inputs }: pulumi.runtime.MockCallArgs): Record<string, unknown> {
    switch (token) {
      case "aws:index/getCallerIdentity:getCallerIdentity":
        return { accountId: ACCOUNT };
      case "aws:ec2/getManagedPrefixList:getManagedPrefixList":
        return { ...(inputs as Record<string, unknown>), id: `pl-of-${String(inputs["name"])}` };
      default:
        throw new Error(`the edge asks AWS for ${token}, which this fixture does not know`);
    }
  }
}

function toldOf({ type, name, inputs }: pulumi.runtime.MockResourceArgs): Record<string, unknown> {
  switch (type) {
    case "aws:s3/bucket:Bucket":
      return { bucket: name, arn: `arn:aws:s3:::${name}` };
    case "aws:acm/certificate:Certificate":
      return {
        domainValidationOptions: [
          {
            resourceRecordName: `_proof.${String(inputs["domainName"])}.`,
            resourceRecordType: "CNAME",
            resourceRecordValue: "_value.acm-validations.aws.",
          },
        ],
      };
    case "aws:route53/record:Record":
      return { fqdn: inputs["name"] as string };
    case "aws:lb/loadBalancer:LoadBalancer":
      return {
        dnsName: `${name}.elb.example`,
        zoneId: "Z-BALANCER",
        arnSuffix: `app/${name}/0123456789abcdef`,
      };
    case "aws:cloudfront/distribution:Distribution":
      return { domainName: `${name}.cloudfront.example`, hostedZoneId: "Z-CLOUDFRONT" };
    case "random:index/randomPassword:RandomPassword":
      return { result: `value-of-${name}` };
    default:
      return {};
  }
}

/** Like `record`, for components of the edge. */
export function recordEdge(): RecordingMocks {
  const mocks = new EdgeMocks();
  void pulumi.runtime.setMocks(mocks, "sluice", "dev", false);
  return mocks;
}
