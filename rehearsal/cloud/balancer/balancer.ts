import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Held, World } from "../world";
import { HealthChecks } from "./checks";
import type { GroupCounts } from "./counts";
import { Draining } from "./draining";
import { InFlight } from "./inflight";
import { Measurements } from "./measurements";
import { Proxy } from "./proxy";
import {
  idleMilliseconds,
  LISTENER,
  LISTENER_RULE,
  type Listener,
  listenersOf,
  TARGET_GROUP,
} from "./resources";
import { Router } from "./router";
import { Upgrades } from "./websocket";

/** A listener of the world that is served on loopback. */
export interface Served {
  readonly arn: string;
  readonly loadBalancerArn: string;
  /** The configured port, such as 443. */
  readonly port: number;
  /** Where it listens here: `http://127.0.0.1:PORT`, also for HTTPS listeners. */
  readonly url: string;
}

export interface Balancer {
  /** The listeners that can be reached now. */
  listeners(): Served[];
  /** Resolves when every listener that the world has now can be reached. */
  settled(): Promise<void>;
  /** Requests by target group since the start. */
  counts(): Record<string, GroupCounts>;
  /** The same by minute and as targets answered: what CloudWatch knows. */
  readonly measurements: Measurements;
  /** Stops listening and checking, and cuts every connection. */
  close(): Promise<void>;
}

/**
 * Serves every listener of the world on 127.0.0.1, on a port of its own, and forwards by the rules as
 * the world has them at the moment of the request. It also checks the targets' health and ends their
 * draining. HTTPS listeners are served as plain HTTP: no client here would trust a certificate made for
 * the rehearsal, and TLS is nothing that a release changes.
 *
 * @param random numbers from 0 up to but not including 1, for the choice by weights.
 * @param measurements where what CloudWatch would know is written to.
 */
export function startBalancer(
  world: World,
  random: () => number = Math.random,
  measurements: Measurements = new Measurements(),
): Balancer {
  const router = new Router(world, measurements, random);
  const inFlight = new InFlight();
  const proxy = new Proxy(router, inFlight);
  const upgrades = new Upgrades(router, inFlight);
  const checks = new HealthChecks(world);
  const draining = new Draining(world, inFlight);
  const servers = new Map<string, { listener: Listener; server: Server; listening: Promise<void> }>();

  const serve = (listener: Listener): void => {
    // The configuration is looked up with each request, since a default action may have changed.
    const now = () => servers.get(listener.arn)?.listener ?? listener;
    const idle = () => idleMilliseconds(world, now().loadBalancerArn);
    const server = createServer((request, response) => proxy.serve(request, response, now(), idle()));
    server.on("upgrade", (request, socket, head) => upgrades.serve(request, socket, head, now(), idle()));
    server.keepAliveTimeout = idle();
    // An ALB sets no limit to the length of an upload.
    server.requestTimeout = 0;
    const listening = new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", resolve);
    });
    servers.set(listener.arn, { listener, server, listening });
  };

  const followListeners = (): void => {
    const wanted = new Map(listenersOf(world).map((listener) => [listener.arn, listener]));
    for (const [arn, known] of servers) {
      const listener = wanted.get(arn);
      if (listener) known.listener = listener;
      else {
        servers.delete(arn);
        void stop(known.server);
      }
    }
    for (const listener of wanted.values()) if (!servers.has(listener.arn)) serve(listener);
  };

  const follow = (held?: Held): void => {
    const routing = !held || held.type === LISTENER || held.type === LISTENER_RULE;
    if (!routing) return;
    router.rulesChanged();
    followListeners();
    checks.follow();
  };
  const followTargets = (groupArn: string): void => {
    draining.follow(groupArn);
    checks.follow();
  };
  world.on("changed", follow).on("removed", follow).on("targets", followTargets);
  follow();
  for (const group of world.all(TARGET_GROUP)) draining.follow(group.id);

  return {
    listeners: () =>
      [...servers.values()]
        .filter(({ server }) => server.listening)
        .map(({ listener: { arn, loadBalancerArn, port }, server }) => {
          const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
          return { arn, loadBalancerArn, port, url };
        }),
    settled: async () => {
      await Promise.all([...servers.values()].map(({ listening }) => listening));
    },
    counts: () => router.counts.all(),
    measurements,
    close: async () => {
      world.off("changed", follow).off("removed", follow).off("targets", followTargets);
      checks.close();
      draining.close();
      inFlight.cutAll();
      proxy.close();
      await Promise.all([...servers.values()].map(({ server }) => stop(server)));
      servers.clear();
    },
  };
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
