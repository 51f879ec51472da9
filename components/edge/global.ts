/**
 * Where CloudFront's certificate, web ACL and logs must be, wherever the stack is. Resources there name it by
 * their `region`: a provider of its own would need the stack's tags and credentials a second time.
 */
export const GLOBAL_REGION = "us-east-1";
