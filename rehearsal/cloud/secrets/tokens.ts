/** Pulumi's tokens of what Secrets Manager keeps, and of the applications that rotate it. */
export const SECRET = "aws:secretsmanager/secret:Secret";
export const SECRET_VERSION = "aws:secretsmanager/secretVersion:SecretVersion";
export const ROTATION = "aws:secretsmanager/secretRotation:SecretRotation";
export const STACK = "aws:serverlessrepository/cloudFormationStack:CloudFormationStack";
