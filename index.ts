import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { nowIso } from "./cloud/clock";
import { Backends } from "./components/backends/backends";
import { Cluster } from "./components/cluster/cluster";
import { ClusterAutoscaler } from "./components/cluster/clusterAutoscaler";
import { ExternalSecrets } from "./components/cluster/externalSecrets";
import { LoadBalancerController } from "./components/cluster/loadBalancerController";
import { nameIn, namespace } from "./components/cluster/namespace";
import { Runners } from "./components/cluster/runners";
import { readSettings } from "./components/configuration";
import { bindRoles } from "./components/delivery/boundary";
import { Delivery } from "./components/delivery/delivery";
import { Edge } from "./components/edge/edge";
import { flagGuard } from "./components/flagGuard";
import { FlagParameters, refuseOffPlan } from "./components/flags";
import { flagsPublished } from "./components/flagsPublished";
import { Key } from "./components/key";
import { AwsMonitoring } from "./components/monitoring/aws/monitoring";
import { TELLERS } from "./components/monitoring/aws/topics";
import { ClusterMonitoring } from "./components/monitoring/cluster/monitoring";
import { Network, VPC_CIDR } from "./components/network/network";
import { secretArnOf } from "./components/backends/secretStore";
import { providerCalls } from "./components/providers/calls";
import { refuseWithoutKeys } from "./components/providers/keysHeld";
import { orRefuse, refuseViolations } from "./components/refusal";
import { Repositories } from "./components/registry/repositories";
import { readBaked } from "./components/release/bakedBefore";
import { releaseGuard } from "./components/release/guard";
import { Migrations } from "./components/release/migration";
import { jobLogs } from "./components/release/migrationJob";
import { recoveryOf } from "./components/release/recovery";
import { readRecorded } from "./components/release/state";
import { publishedRelease } from "./components/release/publishedRelease";
import { Transition } from "./components/release/transition";
import { Watch } from "./components/release/watch";
import { BlueGreenService } from "./components/service/blueGreenService";
import { NetworkPolicies } from "./components/service/networkPolicies";
import { processorsNeeded } from "./model/capacity";
import { circumstances } from "./model/circumstances";
import { estimateCost } from "./model/cost";
import { ruleFile } from "./model/monitoring/alerts";
import { PARTS_OF } from "./model/monitoring/monitoring";
import { monitoringProcessors } from "./model/monitoring/sizes";
import { WATCHED } from "./model/environments";
import { publishedFlags } from "./model/flags/published";
import { knownOf } from "./model/known";
import { clusterName, loadBalancerName, namespaceName, stackTags } from "./model/names";
import { notice } from "./model/notice";
import { releaseOutput } from "./model/recorded";
import { COLOURS, type Colour } from "./model/release";
import { hostsOf, portsOfPublic, routeOf, urlOf } from "./model/services";
import { coldColour, next, rises } from "./model/transition";

/** The program, from top to bottom. Nothing is registered before settings and transition are permitted. */
export = async () => {
  const settings = orRefuse(readSettings);
  const { app, environment, release, recovery, limits, services, registry, domain } = settings;
  const now = orRefuse(nowIso);
  const from = await readRecorded();
  const region = new pulumi.Config("aws").require<aws.Region>("region");
  const baked = await readBaked(settings, region);
  const intent = { ...circumstances(settings), ...(baked && { baked }), from, to: release, now };
  refuseViolations(intent);
  refuseOffPlan(settings.flags, from);
  for (const sentence of notice(intent)) void pulumi.log.warn(sentence);

  const stack = { app, environment, region, name: `${app}-${environment}` };
  if (settings.delivery) bindRoles(stack);
  const watching = PARTS_OF[settings.monitoring.level];
  const provider = new aws.Provider("aws", {
    region,
    defaultTags: { tags: stackTags(app, environment) },
  });
  const inAws = { providers: [provider] };
  await refuseWithoutKeys(intent, settings.providers, provider);

  const key = new Key(
    "key",
    {
      description: `Data, secrets and logs of ${stack.name}`,
      alias: stack.name,
      services: [`logs.${region}.amazonaws.com`, ...(watching.alerting ? TELLERS : [])],
      environment,
    },
    inAws,
  );
  const network = new Network("network", { ...stack, key }, inAws);
  if (settings.repositories) {
    const images = Object.values(services).map(({ image }) => image);
    new Repositories("repositories", { app, environment, registry, images }, inAws);
  }

  const cluster = new Cluster(
    "cluster",
    {
      name: clusterName(app, environment),
      app,
      environment,
      network,
      key,
      access: settings.access,
      namespace: namespaceName(app),
      processors: processorsNeeded(services, monitoringProcessors(settings.monitoring)),
      apiSources: settings.apiSources,
    },
    inAws,
  );
  const inCluster = { providers: [provider, cluster.provider] };
  const operated = { ...stack, cluster };
  const controller = new LoadBalancerController(
    "load-balancer-controller",
    { ...operated, vpcId: network.vpcId },
    inCluster,
  );
  const operator = new ExternalSecrets("external-secrets", operated, inCluster);
  new ClusterAutoscaler("cluster-autoscaler", operated, inCluster);
  if (settings.delivery) {
    const named = { project: pulumi.getProject(), stack: pulumi.getStack() };
    new Delivery("delivery", { ...operated, ...named, ...settings.delivery, key }, inAws);
  }
  if (settings.runners) new Runners("runners", { ...operated, ...settings.runners, network, key }, inAws);
  const home = namespace(namespaceName(app), { provider: cluster.provider, dependsOn: cluster.ready });
  const inHome = { app, namespace: nameIn(home, namespaceName(app)) };
  const policies = new NetworkPolicies(
    "network-policies",
    { ...inHome, services, vpcCidr: VPC_CIDR },
    inCluster,
  );

  const backends = new Backends(
    "backends",
    {
      ...{ ...operated, ...inHome, sizes: settings.backends, network, key, operator, access: [policies] },
      alsoRead: Object.values(settings.providers).map(({ secret }) => secretArnOf(region, secret)),
    },
    inCluster,
  );

  const transition = new Transition("release", intent);
  const flagged = { ...stack, flags: settings.flags, from };
  const flags = new FlagParameters({ ...flagged, transition, guard: flagGuard(flagged) }, { provider });
  const { database, ready } = backends;
  const onDatabase = {
    ...stack,
    ...inHome,
    release,
    from,
    recovery,
    services,
    registry,
    ready: [...ready, policies],
    tells: jobLogs(namespaceName(app)),
    database,
    now,
  };
  const migrations = new Migrations("migrations", onDatabase, inCluster);
  const recovered = recoveryOf("recovery", { ...onDatabase, migrations }, inCluster);

  const edge = new Edge(
    "edge",
    {
      ...stack,
      name: loadBalancerName(app, environment),
      network,
      key,
      domain,
      zoneId: settings.zoneId,
      certificateArn: settings.certificateArn,
      hosts: hostsOf(services, domain),
      podSecurityGroupId: cluster.securityGroupId,
      podPorts: portsOfPublic(services),
    },
    inAws,
  );

  const calls = providerCalls(
    "provider-keys",
    {
      ...{ ...inHome, vpcCidr: VPC_CIDR, store: backends.store, providers: settings.providers },
      ...{ transition: intent, ready: [...ready, policies] },
    },
    inCluster,
  );
  const guard = releaseGuard(settings, intent, region);
  const context = {
    app,
    environment,
    registry,
    release,
    cold: coldColour(intent),
    limits,
    callable: Object.keys(services).filter((service) => services[service]?.kind === "http"),
    namespace: inHome.namespace,
    vpcId: network.vpcId,
    listenerArn: edge.listenerArn,
    previewSources: settings.previewSources ?? [VPC_CIDR],
    previewSecret: edge.previewSecret,
    secrets: [...ready, policies],
    before: Object.fromEntries(
      COLOURS.map((colour) => [colour, [...(migrations.jobs[colour] ?? []), ...(calls.ready[colour] ?? [])]]),
    ),
    calls: calls.calls,
  };
  const built = Object.entries(services).map(([service, settings]) => {
    const route = settings.public && routeOf(settings.public, domain);
    const args = { context, settings, route, controller };
    return { service, address: settings.public, component: new BlueGreenService(service, args, inCluster) };
  });
  const pods = (colour: Colour) => built.flatMap(({ component }) => component.deployments[colour] ?? []);

  // A share rises when all of its colour runs, internal services too, and falls whatever runs or does not.
  // The transition has no children to wait for, so the rules wait for its URN: until policies have passed it.
  const risen = rises(intent);
  const rising = COLOURS.filter((colour) => risen.some((rise) => rise.colour === colour));
  const after = transition.urn.apply(() => [...flags.fallen, ...rising.flatMap(pods)]);
  const publicOnes = built.flatMap(({ service, address, component }) => {
    const rule = component.share({ after, guard });
    const { targetGroupArns } = component;
    return address && rule && targetGroupArns ? [{ service, address, rule, targetGroupArns }] : [];
  });
  const reached = [
    ...publicOnes.map(({ rule }) => rule),
    ...COLOURS.flatMap((colour) => [...pods(colour), ...(migrations.jobs[colour] ?? [])]),
    ...(recovered?.jobs ?? []),
    ...flags.rise(publicOnes.map(({ rule }) => rule)),
  ].map(({ urn }) => urn);
  const byService = <T>(value: (one: (typeof publicOnes)[number]) => T): Record<string, T> =>
    Object.fromEntries(publicOnes.map((one) => [one.service, value(one)]));
  // It waits for everything: a release that was not reached is not recorded, and bakes from then on.
  const recorded = pulumi
    .all([transition.urn, ...reached])
    .apply(() => next({ ...intent, now: nowIso() }, now));
  const known = recorded.apply(knownOf);
  const published = publishedRelease("release", { app, environment, known }, { provider });
  if (Object.keys(settings.flags).length > 0) {
    const watchedBy = recorded.apply(({ flags }) => publishedFlags(settings.flags, flags));
    flagsPublished("flags", { app, environment, published: watchedBy }, { provider });
  }
  const targetGroups = byService(({ targetGroupArns }) => targetGroupArns);
  const { arnSuffix: loadBalancer } = edge.loadBalancer;
  const cost = estimateCost(settings, region).total;
  new AwsMonitoring(
    "aws-monitoring",
    {
      ...operated,
      ...{ key, loadBalancer, targetGroups, monitoring: settings.monitoring, slo: settings.slo },
      clusterName: clusterName(app, environment),
      namespace: namespaceName(app),
      ...{ backends: settings.backends, flags: settings.flags, certificates: edge.certificates },
      monthlyCost: cost.bothColours,
    },
    inCluster,
  );
  const { monitoring, backends: sizes, slo } = settings;
  const watched = { app, environment, stack: pulumi.getStack(), slo, backends: sizes };
  new ClusterMonitoring(
    "monitoring",
    {
      ...{ ...operated, ...inHome, key, operator, services, slo, monitoring },
      ...{ backends: sizes, certificates: edge.certificates },
      rules: ruleFile({ ...watched, runbooks: monitoring.runbooks }),
    },
    inCluster,
  );
  if (WATCHED[environment]) {
    const topic = settings.notifications?.sns;
    const { flags } = settings;
    const args = { app, environment, key, loadBalancer, targetGroups, topic, flags, published };
    new Watch("watch", args, inAws);
  }
  return {
    release: recorded.apply(releaseOutput),
    rules: byService(({ rule }) => rule.arn),
    targetGroups: byService(({ targetGroupArns }) => targetGroupArns),
    urls: byService(({ address }) => edge.dnsName.apply((name) => urlOf(address, settings, name))),
    monthlyCost: cost,
    cluster: cluster.name,
    kubeconfig: cluster.kubeconfig,
  };
};
