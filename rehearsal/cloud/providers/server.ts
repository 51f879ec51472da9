import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import type { Faults } from "../faults";
import type { World } from "../world";
import { AwsBehaviour } from "./aws/behaviour";
import type { Behaviour } from "./behaviour";
import { resourceProvider } from "./provider";
import { RandomBehaviour } from "./random/behaviour";

/** Providers that listen; the engine attaches to their ports through PULUMI_DEBUG_PROVIDERS. */
export interface Providers {
  readonly ports: Readonly<Record<"aws" | "kubernetes" | "random", number>>;
  close(): Promise<void>;
}

/** Serves the providers for AWS, Kubernetes and random values on loopback, each on a free port. */
export async function serveProviders(
  world: World,
  faults: Faults,
  { kubernetes }: { kubernetes: Behaviour },
): Promise<Providers> {
  const [aws, k8s, random] = await Promise.all([
    serve(new AwsBehaviour(world, faults)),
    serve(kubernetes),
    serve(new RandomBehaviour()),
  ]);
  return {
    ports: { aws: aws.port, kubernetes: k8s.port, random: random.port },
    close: async () => {
      await Promise.all([aws.close(), k8s.close(), random.close()]);
    },
  };
}

/** Serves one behaviour on a free port of 127.0.0.1. `close` ends calls that are still under way. */
export async function serve(behaviour: Behaviour): Promise<{ port: number; close(): Promise<void> }> {
  const server = new Server({
    // Kubernetes manifests and policy documents may be larger than gRPC's default of 4 MB.
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  server.addService(ResourceProviderService, resourceProvider(behaviour));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    port,
    close: () => {
      server.forceShutdown();
      return Promise.resolve();
    },
  };
}
