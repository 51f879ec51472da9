import { hex, mustExist, type Making, type Recipe } from "../recipe";

export const VPC = "aws:ec2/vpc:Vpc";

/** A resource with an id such as `vpc-0123456789abcdef0` and an ARN that ends in it. */
export function ec2(noun: string, prefix: string, kind: string): Recipe {
  return {
    service: "EC2",
    operations: [`Create${noun}`, `Modify${noun}`, `Delete${noun}`],
    notFound: `Invalid${noun}ID.NotFound`,
    make: (m) => {
      const id = `${prefix}-0${hex(16)}`;
      return { id, outputs: { arn: m.arn("ec2", `${kind}/${id}`), ownerId: m.scope.account } };
    },
  };
}

/** Refuses a resource in a VPC that does not exist. */
export const vpcMustExist = (m: Making): void => {
  const id = m.text("vpcId");
  if (id) mustExist(m.world.get(VPC, id), "InvalidVpcID.NotFound", `The vpc ID '${id}' does not exist`);
};
