import assert from "node:assert/strict";
import { Cloud, text } from "./providers-fixture";

describe("functions of AWS", () => {
  const cloud = new Cloud({ region: "us-west-2" });

  it("know account, region, partition and zones", async () => {
    assert.equal(
      (await cloud.invoke("aws:index/getCallerIdentity:getCallerIdentity")).accountId,
      "123456789012",
    );
    assert.equal((await cloud.invoke("aws:index/getRegion:getRegion")).region, "us-west-2");
    assert.equal((await cloud.invoke("aws:index/getPartition:getPartition")).partition, "aws");
    const { names, zoneIds } = await cloud.invoke("aws:index/getAvailabilityZones:getAvailabilityZones");
    assert.deepEqual(names, ["us-west-2a", "us-west-2b", "us-west-2c"]);
    assert.deepEqual(zoneIds, ["usw2-az1", "usw2-az2", "usw2-az3"]);
  });

  it("leave out the zones that are not wanted", async () => {
    const token = "aws:index/getAvailabilityZones:getAvailabilityZones";
    assert.deepEqual((await cloud.invoke(token, { excludeNames: ["us-west-2b"] })).names, [
      "us-west-2a",
      "us-west-2c",
    ]);
  });

  it("render a policy document as AWS's provider does", async () => {
    const document = await cloud.invoke("aws:iam/getPolicyDocument:getPolicyDocument", {
      statements: [
        {
          sid: "Assume",
          actions: ["sts:AssumeRoleWithWebIdentity"],
          principals: [{ type: "Federated", identifiers: ["arn:oidc"] }],
          conditions: [
            { test: "StringEquals", variable: "issuer:sub", values: ["system:serviceaccount:a:b"] },
          ],
        },
        {
          effect: "Deny",
          actions: ["s3:Put*", "s3:Get*"],
          resources: ["*"],
          principals: [{ type: "*", identifiers: ["*"] }],
        },
      ],
    });
    assert.deepEqual(JSON.parse(text(document, "json")), {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Assume",
          Effect: "Allow",
          Action: "sts:AssumeRoleWithWebIdentity",
          Principal: { Federated: "arn:oidc" },
          Condition: { StringEquals: { "issuer:sub": "system:serviceaccount:a:b" } },
        },
        { Effect: "Deny", Action: ["s3:Get*", "s3:Put*"], Resource: "*", Principal: "*" },
      ],
    });
  });

  it("read a parameter of the world, and miss one that is not there as SSM does", async () => {
    await cloud.create("aws:ssm/parameter:Parameter", { name: "/sluice/x", type: "String", value: "1" });
    assert.equal((await cloud.invoke("aws:ssm/getParameter:getParameter", { name: "/sluice/x" })).value, "1");
    await assert.rejects(
      cloud.invoke("aws:ssm/getParameter:getParameter", { name: "/gone" }),
      /api error ParameterNotFound/,
    );
  });

  it("know the hosted zone of application load balancers and no other", async () => {
    const token = "aws:lb/getHostedZoneId:getHostedZoneId";
    assert.equal((await cloud.invoke(token)).id, "Z1H1FL5HABSF5");
    await assert.rejects(
      cloud.invoke(token, { loadBalancerType: "network" }),
      /application load balancers only/,
    );
    await assert.rejects(
      cloud.invoke(token, { region: "af-south-1" }),
      /no hosted zone of load balancers in af-south-1/,
    );
  });

  it("name what they are when asked for one that is not there", async () => {
    await assert.rejects(
      cloud.invoke("aws:sqs/getQueue:getQueue"),
      /has no function aws:sqs\/getQueue:getQueue; it has .*getRegion/,
    );
  });
});
