import { ACCOUNT } from "../account";
import { named, type Service } from "./service";

/** Security Token Service: who am I. */
export const sts: Service = {
  name: "sts",
  protocol: { kind: "query", version: "2011-06-15", namespace: "https://sts.amazonaws.com/doc/2011-06-15/" },
  actions: {
    GetCallerIdentity: {
      resource: named(),
      respond: () => ({
        Arn: `arn:aws:iam::${ACCOUNT}:user/rehearsal`,
        UserId: "AIDAREHEARSAL00000000",
        Account: ACCOUNT,
      }),
    },
  },
};
