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
  /** Services that others call, by name: those of kind http. */
  callable: string[];
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
}

export interface SharingArgs {
  /** What must be there before the shares move. */
  after: pulumi.Input<pulumi.Resource[]>;
  guard: pulumi.ResourceHook;
}

/**
 * One service in two colours, each hermetic; where it is public, with what a share of its traffic needs.
 *
 * The order is the point: header rule, Service, binding, Deployment, and, once every service of a rising
 * colour has got so far, the weighted rule.
 */
export class BlueGreenService extends pulumi.ComponentResource {
  /** By colour; absent where the service is not public. */
  readonly targetGroupArns?: Record<Colour, pulumi.Output<string>>;
  /** By colour; a colour that does not run the service has none. */
  readonly deployments: Partial<Record<Colour, pulumi.CustomResource>> = {};
  readonly #context: StackContext;
  readonly #exposed?: Exposed;

  constructor(service: string, args: BlueGreenServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("sluice:service:BlueGreenService", service, {}, opts);
    const { context, settings } = args;
    this.#context = context;
    this.#exposed = args.route && exposureOf(service, args, args.route);
    const groups: Partial<Record<Colour, aws.lb.TargetGroup>> = {};
    for (const colour of COLOURS) {
      const entry = this.#exposed && this.#entry(colour, this.#exposed);
      groups[colour] = entry?.group;
      const manifest = this.#deployed(service, colour, args);
      if (!manifest) continue;
      const before: pulumi.Resource[] = [
        colourService({ service, colour, settings, namespace: context.namespace }, { parent: this }),
      ];
      if (entry) {
        const bound = { service, colour, namespace: context.namespace, targetGroupArn: entry.group.arn };
        const dependsOn = [...before, args.controller, entry.rule];
        before.push(binding(bound, { parent: this, dependsOn }));
      }
      const opts = { parent: this, dependsOn: before };
      this.deployments[colour] = this.#deployment(service, colour, manifest, args, opts);
    }
    if (groups.blue && groups.green)
      this.targetGroupArns = { blue: groups.blue.arn, green: groups.green.arn };
    this.registerOutputs({ targetGroupArns: this.targetGroupArns });
  }

  /** Shares the service's traffic as the release asks; undefined where the service is not public. */
  share({ after, guard }: SharingArgs): aws.lb.ListenerRule | undefined {
    if (!this.#exposed || !this.targetGroupArns) return undefined;
    return weightedRule(
      {
        ...this.#exposed,
        traffic: this.#context.release.traffic,
        targetGroupArns: this.targetGroupArns,
        stickinessSeconds: this.#context.limits.stickinessSeconds,
      },
      { parent: this, dependsOn: after, hooks: { beforeCreate: [guard], beforeUpdate: [guard] } },
    );
  }

  /** A colour's way in, which is there whether or not the colour runs anything. */
  #entry(colour: Colour, exposed: Exposed) {
    const { vpcId, limits, previewSources } = this.#context;
    const { deregistrationSeconds } = limits;
    const group = targetGroup({ ...exposed, colour, vpcId, deregistrationSeconds }, { parent: this });
    const args = { ...exposed, colour, targetGroupArn: group.arn, sources: previewSources };
    return { group, rule: headerRule(args, { parent: this }) };
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

  #deployment(
    service: string,
    colour: Colour,
    manifest: DeployedManifest,
    { context, settings }: BlueGreenServiceArgs,
    opts: pulumi.CustomResourceOptions,
  ): pulumi.CustomResource {
    return colourDeployment(
      {
        app: context.app,
        service,
        colour,
        settings: colour === context.cold ? { ...settings, replicas: 0 } : settings,
        manifest,
        image: imageOf(context.registry, service, settings, manifest),
        namespace: context.namespace,
        peers: context.callable.filter((peer) => manifest.services?.includes(peer) !== false),
        drainSeconds: context.limits.deregistrationSeconds,
      },
      opts,
    );
  }
}

function exposureOf(service: string, { context, settings }: BlueGreenServiceArgs, route: Route): Exposed {
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
