import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment } from "../../model/environments";
import type { Limits } from "../../model/limits";
import { priorities } from "../../model/priorities";
import { COLOURS, type Colour, type DeployedManifest, type Release } from "../../model/release";
import { type Route, type ServiceSettings, imageOf } from "../../model/services";
import { type Exposed, binding, headerRule, targetGroup } from "./exposure";
import { weightedRule } from "./weightedRule";
import { colourDeployment, colourService } from "./workload";

/** What all services of a stack share. */
export interface StackContext {
  app: string;
  environment: Environment;
  /** Registry host of default images. */
  registry: string;
  release: Release;
  /** The former colour after its warm retention: its manifest stays, its pods go. */
  cold?: Colour;
  limits: Limits;
  /** Every service of the stack, by name. */
  services: string[];
  namespace: pulumi.Input<string>;
  vpcId: pulumi.Input<string>;
  listenerArn: pulumi.Input<string>;
  /** Address ranges from which a colour may be asked for by header. */
  previewSources: readonly string[];
}

export interface BlueGreenServiceArgs {
  context: StackContext;
  settings: ServiceSettings;
  /** Where the world reaches it. Absent: from inside the cluster only, without target groups and rules. */
  route?: Route;
  /** Must be there before a binding is: the controller that serves it. */
  controller: pulumi.Resource;
  /** Stands between the colours and the rule: a refused transition, or a pod that does not start, moves nothing. */
  transition: pulumi.Resource;
  guard: pulumi.ResourceHook;
}

/**
 * One service in two colours, each hermetic; where it is public, with the rules that share its traffic.
 *
 * The order is the point: header rule, Service, binding, Deployment, and last the weighted rule.
 */
export class BlueGreenService extends pulumi.ComponentResource {
  /** By colour; absent where the service is not public. */
  readonly targetGroupArns?: Record<Colour, pulumi.Output<string>>;
  /** The weighted rule; absent where the service is not public. */
  readonly rule?: aws.lb.ListenerRule;

  constructor(service: string, args: BlueGreenServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:service:BlueGreenService", service, {}, opts);
    const { context, settings, route } = args;
    const exposed = route && this.#exposed(service, args, route);
    const groups = {} as Record<Colour, aws.lb.TargetGroup>;
    const deployments: pulumi.Resource[] = [];
    for (const colour of COLOURS) {
      const before: pulumi.Resource[] = [];
      const manifest = this.#deployed(service, colour, args);
      const k8sService = manifest
        ? colourService({ service, colour, settings, namespace: context.namespace }, { parent: this })
        : undefined;
      if (exposed) {
        groups[colour] = targetGroup(
          {
            ...exposed,
            colour,
            vpcId: context.vpcId,
            deregistrationSeconds: context.limits.deregistrationSeconds,
          },
          { parent: this },
        );
        before.push(
          headerRule(
            { ...exposed, colour, targetGroupArn: groups[colour].arn, sources: context.previewSources },
            { parent: this },
          ),
        );
        if (k8sService) {
          before.push(
            binding(
              { service, colour, namespace: context.namespace, targetGroupArn: groups[colour].arn },
              { parent: this, dependsOn: [k8sService, args.controller, ...before] },
            ),
          );
        }
      }
      if (manifest && k8sService) {
        deployments.push(
          this.#deployment(service, colour, manifest, args, {
            parent: this,
            dependsOn: [k8sService, ...before],
          }),
        );
      }
    }
    if (exposed) {
      this.targetGroupArns = { blue: groups.blue.arn, green: groups.green.arn };
      this.rule = weightedRule(
        {
          ...exposed,
          traffic: context.release.traffic,
          targetGroupArns: this.targetGroupArns,
          stickinessSeconds: context.limits.stickinessSeconds,
        },
        {
          parent: this,
          dependsOn: [args.transition, ...deployments],
          hooks: { beforeCreate: [args.guard], beforeUpdate: [args.guard] },
        },
      );
    }
    this.registerOutputs({ targetGroupArns: this.targetGroupArns, rule: this.rule?.arn });
  }

  /** What a colour runs of the service, if anything: what must not run twice follows the live colour. */
  #deployed(
    service: string,
    colour: Colour,
    { context: { release }, settings }: BlueGreenServiceArgs,
  ): DeployedManifest | undefined {
    const { version, ...manifest } = release[colour];
    if (version === undefined || manifest.services?.includes(service) === false) return undefined;
    return settings.kind === "http" || colour === release.live ? { ...manifest, version } : undefined;
  }

  #exposed(service: string, { context, settings }: BlueGreenServiceArgs, route: Route): Exposed {
    return {
      app: context.app,
      environment: context.environment,
      service,
      settings,
      priorities: priorities(service, settings.public?.slot),
      listenerArn: context.listenerArn,
      conditions: [
        "host" in route
          ? { hostHeader: { values: [route.host] } }
          : { pathPattern: { values: [route.path, `${route.path}/*`] } },
      ],
    };
  }

  #deployment(
    service: string,
    colour: Colour,
    manifest: DeployedManifest,
    { context, settings }: BlueGreenServiceArgs,
    opts: pulumi.CustomResourceOptions,
  ): pulumi.Resource {
    return colourDeployment(
      {
        app: context.app,
        service,
        colour,
        settings: colour === context.cold ? { ...settings, replicas: 0 } : settings,
        manifest,
        image: imageOf(context.registry, service, settings, manifest),
        namespace: context.namespace,
        peers: [...(manifest.services ?? context.services)],
        drainSeconds: context.limits.deregistrationSeconds,
      },
      opts,
    );
  }
}
