import { PolicyPack } from "@pulumi/policy";
import { platformPolicies } from "./policies";

new PolicyPack("sluice-platform", { policies: platformPolicies });
