import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";

/** Amazon's own authorities, and the one that vouched for them before, by which ElastiCache's certificates are verified. */
const AMAZON = /CN=(Amazon Root CA \d|Starfield Services Root Certificate Authority - G2)$/m;

/** Certificates of {@link AMAZON} as PEM, as Node has them from Mozilla; the image that needs them has none. */
export const cacheAuthorities = (): string =>
  rootCertificates
    .filter((pem) => AMAZON.test(new X509Certificate(pem).subject))
    .sort()
    .join("\n");
