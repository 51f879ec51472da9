import { PolicyPack } from "@pulumi/policy";
import { transitionPolicies } from "./transition";

new PolicyPack("sluice", { policies: transitionPolicies });
