import { ENDING } from "../saturation";
import type { AwsAlarm, AwsMetric } from "./alarm";

/** A certificate that users are shown, in ACM. */
export interface Certificate {
  /** Who shows it: `the load balancer`. */
  readonly of: string;
  readonly arn: string;
  readonly region: string;
}

/** Stands for the ARN of the load balancer's certificate, which is known once it is issued. */
export const CERTIFICATE = "(the certificate)";

const DAY = 86_400;

/** Days until a certificate ends. ACM publishes it twice a day, and no more once it has ended. */
export const daysLeftOf = (arn: string): AwsMetric => ({
  namespace: "AWS/CertificateManager",
  metric: "DaysToExpiry",
  dimensions: { CertificateArn: arn },
  statistic: "Minimum",
});

/**
 * Alarms of the load balancer's certificate. CloudFront's may be in another region, from where no topic of this one can
 * be told; the same record in DNS renews both.
 */
export const CERTIFICATE_ALARMS: readonly AwsAlarm[] = [
  ends("soon", "warning", ENDING.warningDays),
  ends("now", "critical", ENDING.criticalDays),
];

function ends(when: string, severity: AwsAlarm["severity"], days: number): AwsAlarm {
  return {
    name: `certificate/ends-${when}`,
    severity,
    says: `the load balancer's certificate ends in less than ${days} days: it was not renewed`,
    help: "aws acm describe-certificate: its renewal status, and its record in DNS; one that was imported is renewed by hand",
    metrics: { value: daysLeftOf(CERTIFICATE) },
    comparison: "below",
    threshold: days,
    periodSeconds: DAY,
    periods: 1,
    // None yet of a certificate that is new, and none any more of one that has ended, of which people know already.
    missing: "ignore",
  };
}
