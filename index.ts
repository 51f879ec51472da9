import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { Backends } from "./components/backends/backends";
import { Cluster } from "./components/cluster/cluster";
import { ClusterAutoscaler } from "./components/cluster/clusterAutoscaler";
import { ExternalSecrets } from "./components/cluster/externalSecrets";
import { LoadBalancerController } from "./components/cluster/loadBalancerController";
import { nameIn, namespace } from "./components/cluster/namespace";
import { Runners } from "./components/cluster/runners";
import { readSettings } from "./components/configuration";
import { Edge } from "./components/edge/edge";
import { flagGuard } from "./components/flagGuard";
import { FlagParameters, refuseOffPlan } from "./components/flags";
import { Key } from "./components/key";
import { Network, VPC_CIDR } from "./components/network/network";
import { orRefuse, refuseViolations } from "./components/refusal";
import { Repositories } from "./components/registry/repositories";
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
import { WATCHED } from "./model/environments";
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
  const now = new Date().toISOString();
  const from = await readRecorded();
  const intent = { ...circumstances(settings), from, to: release, now };
  refuseViolations(intent);
  refuseOffPlan(settings.flags, from);
  for (const sentence of notice(intent)) void pulumi.log.warn(sentence);

  const region = new pulumi.Config("aws").require<aws.Region>("region");
  const stack = { app, environment, region, name: `${app}-${environment}` };
  const provider = new aws.Provider("aws", {
    region,
    defaultTags: { tags: stackTags(app, environment) },
  });
  const inAws = { providers: [provider] };

  const key = new Key(
    "key",
    {
      description: `Data, secrets and logs of ${stack.name}`,
      alias: stack.name,
      services: [`logs.${region}.amazonaws.com`],
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
      processors: processorsNeeded(services),
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
    { ...operated, ...inHome, sizes: settings.backends, network, key, operator, access: [policies] },
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
    before: migrations.jobs,
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
    .apply(() => next({ ...intent, now: new Date().toISOString() }, now));
  const known = recorded.apply(knownOf);
  const published = publishedRelease("release", { app, environment, known }, { provider });
  if (WATCHED[environment]) {
    const targetGroups = byService(({ targetGroupArns }) => targetGroupArns);
    const { arnSuffix: loadBalancer } = edge.loadBalancer;
    const topic = settings.notifications?.sns;
    const args = { app, environment, key, loadBalancer, targetGroups, topic, published };
    new Watch("watch", args, inAws);
  }
  return {
    release: recorded.apply(releaseOutput),
    rules: byService(({ rule }) => rule.arn),
    targetGroups: byService(({ targetGroupArns }) => targetGroupArns),
    urls: byService(({ address }) => edge.dnsName.apply((name) => urlOf(address, settings, name))),
    monthlyCost: estimateCost(settings, region).total,
    cluster: cluster.name,
    kubeconfig: cluster.kubeconfig,
  };
};
