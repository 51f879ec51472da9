/** The request header by which the load balancer's web ACL knows CloudFront; lower case, as WAF wants it. */
export const ORIGIN_HEADER = "x-origin-verify";
