/** Who reaches the cluster's API, by IAM role. While no admin is named the cluster's creator is one. */
export interface Access {
  /** ARNs of roles that may do everything in the cluster; whoever runs `pulumi up` has one of them. */
  readonly admins: readonly string[];
  /** ARNs of roles that may change the services' namespace. */
  readonly deployers: readonly string[];
}

/** CI's runners inside the VPC, for clusters whose API the internet does not reach. */
export interface Runners {
  /** URL of the GitHub repository whose jobs they run. */
  readonly repository: string;
  /** ARN of the AWS CodeConnections connection to GitHub; a person has authorised it once. */
  readonly connectionArn: string;
  /**
   * Numeric ids of the accounts on GitHub whose jobs get a machine, apps that push among them. Absent: whoever GitHub
   * lets run a workflow, which in a public repository may be a stranger with a fork.
   */
  readonly actors?: readonly string[];
}
