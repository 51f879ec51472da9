import type { InvokeResponse } from "@pulumi/pulumi/proto/provider_pb";
import { InvokeResponse as Answer } from "@pulumi/pulumi/proto/provider_pb";
import type {
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
  ResourceInvokeRequest,
  SupportsFeatureRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import { ReadResourceResponse, RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { answerTo, later, outputsOf } from "./answers";
import { secret } from "./values";

/** A resource as the program registered it. */
export interface Registered {
  readonly urn: string;
  /** Pulumi's token, for example `aws:rds/instance:Instance`. */
  readonly type: string;
  /** Its name in the program. */
  readonly name: string;
  /** URN of the component it belongs to. */
  readonly parent?: string;
  /** Whether it is one of a provider's, and not a component. */
  readonly custom: boolean;
  /** Whether Pulumi refuses to delete it. */
  readonly protect: boolean;
  /** Its properties in Pulumi's wire format. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Likewise what the program was told of it; a component has no id. */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly id?: string;
}

type Callback<Response> = (error: Error | null, response?: Response) => void;

/**
 * Takes the engine's place: writes down what a program registers, and answers as after a deployment of it.
 * Nothing is asked of anybody else.
 */
export class RecordingMonitor {
  readonly registered: Registered[] = [];
  readonly #urns = new Set<string>();

  /** @param context where the program believes it runs */
  constructor(readonly context: { project: string; stack: string; region: string }) {}

  registerResource(
    request: RegisterResourceRequest,
    callback: Callback<InstanceType<typeof RegisterResourceResponse>>,
  ): void {
    const type = request.getType();
    const name = request.getName();
    const inputs = propertiesOf(request.getObject());
    const urn = this.#urn(request.getParent(), type, name);
    if (this.#urns.has(urn)) {
      callback(failure(`two resources have the URN ${urn}`));
      return;
    }
    this.#urns.add(urn);
    const outputs = withSecrets({ ...inputs, ...outputsOf(type, name, inputs) }, request);
    const id = request.getCustom() ? later(name, "id") : undefined;
    this.registered.push({
      urn,
      type,
      name,
      ...(request.getParent() && { parent: request.getParent() }),
      custom: request.getCustom(),
      // A resource that does not say is protected as its component is; the engine would do the same.
      protect: request.getProtect() ?? this.#isProtected(request.getParent()),
      inputs,
      outputs,
      ...(id !== undefined && { id }),
    });
    const response = new RegisterResourceResponse();
    response.setUrn(urn);
    if (id !== undefined) response.setId(id);
    response.setObject(structOf(outputs));
    callback(null, response);
  }

  /** An object that is looked up is not one that the stack creates. */
  readResource(
    request: {
      getType(): string;
      getName(): string;
      getParent(): string;
      getProperties(): Struct | undefined;
    },
    callback: Callback<InstanceType<typeof ReadResourceResponse>>,
  ): void {
    const inputs = propertiesOf(request.getProperties());
    const response = new ReadResourceResponse();
    response.setUrn(this.#urn(request.getParent(), request.getType(), request.getName()));
    response.setProperties(
      structOf({ ...inputs, ...outputsOf(request.getType(), request.getName(), inputs) }),
    );
    callback(null, response);
  }

  invoke(request: ResourceInvokeRequest, callback: Callback<InvokeResponse>): void {
    try {
      const answer = new Answer();
      const inputs = propertiesOf(request.getArgs());
      answer.setReturn(structOf(this.#answer(request.getTok(), inputs)));
      callback(null, answer);
    } catch (error) {
      callback(failure(error instanceof Error ? error.message : String(error)));
    }
  }

  registerResourceOutputs(_: RegisterResourceOutputsRequest, callback: Callback<object>): void {
    callback(null, {});
  }

  /** Hooks are not called: nothing changes here. */
  registerResourceHook(_: unknown, callback: Callback<object>): void {
    callback(null, {});
  }

  registerErrorHook(_: unknown, callback: Callback<object>): void {
    callback(null, {});
  }

  /** Nor are transforms, which see what a remote component makes: here it makes nothing. */
  registerStackTransform(_: unknown, callback: Callback<object>): void {
    callback(null, {});
  }

  supportsFeature(request: SupportsFeatureRequest, callback: Callback<object>): void {
    // Without output values, a property is its value.
    callback(null, { getHassupport: () => request.getId() !== "outputValues" });
  }

  registerPackage(_: unknown, callback: Callback<object>): void {
    callback(null, { getRef: () => "package" });
  }

  /** The SDK closes what it was given. */
  close(): void {
    this.#urns.clear();
  }

  #answer(token: string, inputs: Record<string, unknown>): Record<string, unknown> {
    if (token !== "pulumi:pulumi:getResource") return answerTo(token, inputs, this.context.region);
    // A resource that is given to another as it is, and not by one of its outputs.
    const found = this.registered.find(({ urn }) => urn === inputs["urn"]);
    if (!found) throw new Error(`no resource has the URN ${String(inputs["urn"])}`);
    return { urn: found.urn, id: found.id ?? "", state: found.outputs };
  }

  #urn(parent: string, type: string, name: string): string {
    const qualified = parent === "" ? type : `${parent.split("::")[2] ?? ""}$${type}`;
    return `urn:pulumi:${this.context.stack}::${this.context.project}::${qualified}::${name}`;
  }

  #isProtected(urn: string): boolean {
    return this.registered.find((one) => one.urn === urn)?.protect ?? false;
  }
}

/** An error as gRPC has them: the SDK shows its details alone. */
const failure = (details: string): Error => Object.assign(new Error(details), { details });

const propertiesOf = (struct: Struct | undefined): Record<string, unknown> => struct?.toJavaScript() ?? {};

const structOf = (properties: Record<string, unknown>): Struct =>
  Struct.fromJavaScript(properties as Parameters<typeof Struct.fromJavaScript>[0]);

/** Outputs that the SDK asks to be secret are so: the engine would see to it. */
function withSecrets(
  outputs: Record<string, unknown>,
  request: RegisterResourceRequest,
): Record<string, unknown> {
  const asked = request.getAdditionalsecretoutputsList().filter((key) => key in outputs);
  return { ...outputs, ...Object.fromEntries(asked.map((key) => [key, secret(outputs[key])])) };
}
