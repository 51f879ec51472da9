import { deleteParameter, putParameter } from "./write";
import { getParameter, getParameters, getParametersByPath } from "./read";
import { named, type Service } from "../service";

/** Systems Manager's Parameter Store. */
export const ssm: Service = {
  name: "ssm",
  protocol: { kind: "json", target: "AmazonSSM", version: "1.1" },
  actions: {
    GetParameter: { resource: named("Name"), respond: getParameter },
    GetParameters: { resource: named("Names"), respond: getParameters },
    GetParametersByPath: { resource: named("Path"), respond: getParametersByPath },
    PutParameter: { resource: named("Name"), respond: putParameter },
    DeleteParameter: { resource: named("Name"), respond: deleteParameter },
  },
};
