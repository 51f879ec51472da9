import assert from "node:assert/strict";
import { Certificates } from "../../components/edge/certificates";
import { recordEdge } from "./edgeFixture";
import { assertIncludes, known, settled } from "./mocks";

const CERTIFICATE = "aws:acm/certificate:Certificate";
const VALIDATION = "aws:acm/certificateValidation:CertificateValidation";
const RECORD = "aws:route53/record:Record";

async function made(region: string) {
  const mocks = recordEdge();
  const certificates = new Certificates("certificates", { domain: "app.example.com", zoneId: "Z1", region });
  await settled();
  return { mocks, certificates };
}

describe("Certificates", () => {
  it("are for the domain and every host of it, in the load balancer's region and in CloudFront's", async () => {
    const { mocks } = await made("eu-west-1");
    for (const [name, region] of [
      ["app.example.com", "eu-west-1"],
      ["app.example.com-global", "us-east-1"],
    ] as const)
      assertIncludes(mocks.find(CERTIFICATE, name), {
        domainName: "app.example.com",
        subjectAlternativeNames: ["*.app.example.com"],
        validationMethod: "DNS",
        region,
      });
  });

  it("are both proved by one record, and waited for", async () => {
    const { mocks, certificates } = await made("eu-west-1");
    assert.deepEqual(mocks.names(RECORD), ["app.example.com"]);
    assertIncludes(mocks.find(RECORD, "app.example.com"), {
      zoneId: "Z1",
      name: "_proof.app.example.com.",
      type: "CNAME",
      records: ["_value.acm-validations.aws."],
    });
    assertIncludes(mocks.find(VALIDATION, "app.example.com"), {
      certificateArn: "arn:app.example.com",
      validationRecordFqdns: ["_proof.app.example.com."],
      region: "eu-west-1",
    });
    assertIncludes(mocks.find(VALIDATION, "app.example.com-global"), {
      certificateArn: "arn:app.example.com-global",
      validationRecordFqdns: ["_proof.app.example.com."],
      region: "us-east-1",
    });
    assert.equal(await known(certificates.regionalArn), "arn:app.example.com");
    assert.equal(await known(certificates.globalArn), "arn:app.example.com-global");
    assert.deepEqual(
      certificates.shown.map(({ of, region }) => [of, region]),
      [
        ["the load balancer", "eu-west-1"],
        ["CloudFront", "us-east-1"],
      ],
    );
  });

  it("are one where the stack is in CloudFront's region", async () => {
    const { mocks, certificates } = await made("us-east-1");
    assert.deepEqual(mocks.names(CERTIFICATE), ["app.example.com"]);
    assert.equal(await known(certificates.globalArn), "arn:app.example.com");
    assert.equal(certificates.shown.length, 1);
  });
});
