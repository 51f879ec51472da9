import * as pulumi from "@pulumi/pulumi";
import { BlueGreenService, type StackContext } from "../../components/service/blueGreenService";
import { defaultLimits } from "../../model/limits";
import { type Release, greenAt } from "../../model/release";
import { type ServiceSettings, defaultServices } from "../../model/services";
import { type RecordingMocks, record, settled, silentHook } from "./mocks";

export const RULE = "aws:lb/listenerRule:ListenerRule";
export const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
export const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";
export const SERVICE = "kubernetes:core/v1:Service";
export const ACCOUNT = "kubernetes:core/v1:ServiceAccount";
export const AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
export const BUDGET = "kubernetes:policy/v1:PodDisruptionBudget";
export const BINDING = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding";

export const SERVICES = defaultServices("voiceassist", "dev");

export const canary: Release = {
  strategy: "canary",
  live: "blue",
  traffic: greenAt(10),
  blue: { version: "2.3.1" },
  green: { version: "2.4.0" },
};

/** What a service of the guide registers under a release; `context` is made after the mocks are in place. */
export async function made(
  release: Release,
  service = "api-gateway",
  settings: Partial<ServiceSettings> = {},
  context: Partial<StackContext> | (() => Partial<StackContext>) = {},
) {
  const mocks = record();
  const complete = { ...SERVICES[service]!, ...settings };
  const component = new BlueGreenService(service, {
    context: {
      app: "voiceassist",
      environment: "dev",
      registry: "registry.example.com",
      release,
      limits: defaultLimits("dev"),
      callable: Object.keys(SERVICES),
      namespace: "voiceassist",
      vpcId: "vpc-1",
      listenerArn: "arn:listener",
      previewSources: ["10.0.0.0/16"],
      ...(typeof context === "function" ? context() : context),
    },
    settings: complete,
    ...(complete.public && { route: { path: complete.public.path! } }),
    controller: new pulumi.ComponentResource("test:index:Controller", "controller"),
  });
  component.share({ after: [], guard: silentHook() });
  await settled();
  return mocks;
}

/** Registered late, as what takes its time is. */
export class Slow extends pulumi.CustomResource {
  constructor(name: string) {
    super("test:index:Slow", name, { done: new Promise((resolve) => setTimeout(resolve, 50, true)) });
  }
}

/** The template of a Deployment's pods. */
export const pod = (mocks: RecordingMocks, name: string) =>
  (mocks.find(DEPLOYMENT, name) as { spec: { template: { spec: Record<string, unknown> } } }).spec.template;
