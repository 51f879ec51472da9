import {
  isObject,
  NotReady,
  UNKNOWN,
  type Behaviour,
  type CheckRequest,
  type CheckResult,
  type Created,
  type CreateRequest,
  type DeleteRequest,
  type DiffRequest,
  type DiffResult,
  type InvokeRequest,
  type InvokeResult,
  type ReadRequest,
  type ReadResult,
  type UpdateRequest,
  type Value,
  type Values,
} from "../providers/behaviour";
import { CloudError, Faults, type Action } from "../faults";
import type { Held, World } from "../world";
import { ApiServer } from "./api-server";
import { replicaConflict } from "./autoscaling";
import { timeoutOf, waits } from "./awaiting";
import type { Controllers } from "./controllers";
import { diffObject } from "./diff";
import { kindOf, knownTokens, RELEASE, sdkVersion, shapeOf, type Kind } from "./kinds";
import { replaceFailedJob } from "./jobs";
import { named } from "./naming";
import { objectOf } from "./objects";
import { checkProvider, diffProvider } from "./provider-config";
import { checkRelease, createRelease, diffRelease, previewRelease, updateRelease } from "./release";
import { asRecorded, asWritten } from "./recorded";
import { faults as semanticFaults } from "./rules";
import { violations } from "./schema";

/** What the controllers do for the provider: it waits for them where Pulumi's awaiter would. */
export type Awaiter = Pick<Controllers, "ready" | "gone">;

/** The Kubernetes provider on the local cloud's world; every change passes `faults` first. */
export function kubernetesBehaviour(
  world: World,
  controllers: Awaiter,
  faults: Pick<Faults, "check"> = new Faults(),
): Behaviour {
  return new Kubernetes(world, controllers, faults);
}

class Kubernetes implements Behaviour {
  readonly package = "kubernetes";
  readonly version = sdkVersion;
  readonly #server: ApiServer;

  constructor(
    readonly world: World,
    readonly controllers: Awaiter,
    readonly faults: Pick<Faults, "check">,
  ) {
    this.#server = new ApiServer(world);
  }

  checkConfig(request: CheckRequest): CheckResult {
    return checkProvider(request);
  }

  diffConfig(request: DiffRequest): DiffResult {
    return diffProvider(request);
  }

  check(request: CheckRequest): CheckResult {
    if (request.type === RELEASE) return checkRelease(request);
    const kind = kindOf(request.type);
    if (!kind)
      return { inputs: request.news, failures: [{ property: "", reason: unknownKind(request.type) }] };
    const inputs = named(kind, request);
    const { status: _, ...judged } = inputs;
    return {
      inputs,
      failures: [...violations(judged, `#${kind.type}`, ""), ...semanticFaults(inputs, kind)],
    };
  }

  diff(request: DiffRequest): DiffResult {
    if (request.type === RELEASE) return diffRelease(request.oldInputs, request.news);
    const result = diffObject(known(request.type), request.oldInputs, request.news, request.provider);
    return replaceFailedJob(this.world.get(request.type, request.id), request.news, result);
  }

  async create(request: CreateRequest): Promise<Created> {
    const { type, inputs } = request;
    const kind = type === RELEASE ? undefined : known(type);
    if (request.preview) {
      return { id: "", properties: kind ? { ...inputs, ...status(kind) } : previewRelease(inputs) };
    }
    const held = this.#ask("create", request, () =>
      kind ? this.#server.create(type, kind, inputs) : createRelease(this.#server, inputs),
    );
    await this.#ready(held, inputs, request);
    return { id: held.id, properties: values(held.properties) };
  }

  read(request: ReadRequest): Promise<ReadResult | undefined> {
    return new Promise((resolve) => {
      this.#reach();
      const held = this.world.get(request.type, request.id);
      if (!held) {
        resolve(undefined);
        return;
      }
      const properties = values(held.properties);
      const recorded = Object.keys(request.inputs).length > 0;
      const inputs = recorded ? asRecorded(request.inputs, properties) : asWritten(properties, request.type);
      resolve({ id: held.id, properties, inputs });
    });
  }

  async update(request: UpdateRequest): Promise<Values> {
    const { type, id, news, oldInputs } = request;
    const kind = type === RELEASE ? undefined : known(type);
    if (request.preview) return kind ? previewUpdate(kind, request) : previewRelease(news);
    const held = this.#ask("update", request, () => {
      if (!kind) return updateRelease(this.#server, id, news);
      if (!ignores(request, "spec.replicas")) replicaConflict(this.world, type, id, oldInputs, news);
      return this.#server.update(type, kind, id, news);
    });
    await this.#ready(held, news, request);
    return values(held.properties);
  }

  async delete(request: DeleteRequest): Promise<void> {
    const { type, id, timeoutSeconds, signal } = request;
    const held = this.world.get(type, id);
    if (!held) return;
    this.#ask("delete", request, () => this.#server.delete(type, id));
    await this.controllers.gone(held, timeoutOf(timeoutSeconds, values(held.properties)), signal);
  }

  invoke(request: InvokeRequest): Promise<InvokeResult> {
    return Promise.reject(new Error(`the local cluster does not serve the function ${request.token}`));
  }

  /**
   * Pulumi's provider finds out that there is no way to the API server when it is configured, compares with the state
   * alone then, and fails by whatever cannot do without. @throws Error in its words
   */
  #reach(): void {
    try {
      this.faults.check({ action: "api", type: "kubernetes:Connect", name: "" });
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      throw new Error(
        `configured Kubernetes cluster is unreachable: unable to load schema information from the API server: ${error.message}`,
        { cause: error },
      );
    }
  }

  /** Asks the API server for a change, and words its refusal as Pulumi does. */
  #ask<T>(
    action: Action,
    { urn, type, name }: { urn: string; type: string; name: string },
    work: () => T,
  ): T {
    this.#reach();
    try {
      this.faults.check({ action, type, name });
      return work();
    } catch (error) {
      if (!(error instanceof CloudError)) throw error;
      throw new Error(
        `resource "${urn}" was not successfully ${action}d by the Kubernetes API server: ${error.message}`,
      );
    }
  }

  async #ready(held: Held, inputs: Values, request: CreateRequest | UpdateRequest): Promise<void> {
    if (!waits(inputs)) return;
    try {
      await this.controllers.ready(held, timeoutOf(request.timeoutSeconds, inputs), request.signal);
    } catch (error) {
      const reasons = (error as Error).message.split("\n");
      throw new NotReady(held.id, values(held.properties), inputs, reasons);
    }
  }
}

/** Whether the program told Pulumi to leave a property alone: it is then no part of what is applied. */
const ignores = ({ ignoreChanges }: UpdateRequest, path: string): boolean =>
  ignoreChanges.some((ignored) => ignored === path || path.startsWith(`${ignored}.`));

/** The world holds what the providers put there, so its properties are values. */
const values = (properties: Held["properties"]): Values => properties as Values;

function known(type: string): Kind {
  const kind = kindOf(type);
  if (!kind) throw new Error(unknownKind(type));
  return kind;
}

const unknownKind = (type: string): string =>
  `no matches for kind ${type.split(":").pop()!} of ${type}; the local cluster knows ${knownTokens()
    .map((token) => token.split(":").pop()!)
    .join(", ")} (more are added in rehearsal/cloud/facts/kubernetes.ts, custom ones in cluster/crds.ts)`;

/** What a preview says of the status: nothing for the kinds that have none. */
const status = (kind: Kind): Values => ("status" in shapeOf(kind.type) ? { status: UNKNOWN } : {});

/** What a preview tells of a change: the old outputs, under the new inputs. */
function previewUpdate(kind: Kind, { olds, news }: UpdateRequest): Values {
  const computed = objectOf(olds.metadata);
  const { creationTimestamp, uid } = computed;
  const metadata = isObject(news.metadata)
    ? { ...news.metadata, ...(uid && { creationTimestamp, uid }) }
    : news.metadata;
  return { ...news, ...(metadata !== undefined && { metadata: metadata as Value }), ...status(kind) };
}
