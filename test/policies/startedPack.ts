import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { credentials } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import {
  AnalyzeRequest,
  type AnalyzeResponse,
  AnalyzeStackRequest,
  type AnalyzerInfo,
  AnalyzerResource,
  AnalyzerResourceOptions,
  ConfigureAnalyzerRequest,
  EnforcementLevel,
  PolicyConfig,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

type Json = Parameters<typeof Struct.fromJavaScript>[0];
type Level = "advisory" | "mandatory" | "disabled";

/** A resource as the engine tells a pack of it. */
export interface Told {
  readonly type: string;
  readonly name: string;
  readonly properties: object;
}

/** What a pack finds. */
export interface Diagnostic {
  readonly policy: string;
  readonly level: Level;
  readonly message: string;
}

/** What a file for `--policy-pack-config` holds: by policy a level, or an object with one and with properties. */
export type PackConfig = Readonly<Record<string, Level | Readonly<Record<string, unknown>>>>;

/** A policy pack in a process of its own, as the engine starts it. */
export interface StartedPack {
  /** Names of the policies that it says it has. */
  policies(): Promise<string[]>;
  /** What the engine compares the configuration of a policy with: its properties' schema. */
  schema(policy: string): Promise<Record<string, unknown>>;
  /** Configures every policy by its own defaults and a file's contents, as the engine combines them. */
  configure(config: PackConfig): Promise<void>;
  /** Judges one resource before it is made, as one of a stack. */
  analyze(told: Told, stack?: string): Promise<Diagnostic[]>;
  /** Judges all resources of a stack. */
  analyzeStack(all: readonly Told[], stack?: string): Promise<Diagnostic[]>;
  close(): Promise<void>;
}

const LEVELS: Readonly<Record<Level, EnforcementLevel>> = {
  advisory: EnforcementLevel.ADVISORY,
  mandatory: EnforcementLevel.MANDATORY,
  disabled: EnforcementLevel.DISABLED,
};

const urn = (stack: string, { type, name }: Told) => `urn:pulumi:${stack}::sluice::${type}::${name}`;

const diagnostics = (response: AnalyzeResponse): Diagnostic[] =>
  response.getDiagnosticsList().map((found) => ({
    policy: found.getPolicyname(),
    level: levelOf(found.getEnforcementlevel()),
    message: found.getMessage(),
  }));

const levelOf = (level: EnforcementLevel): Level =>
  (Object.keys(LEVELS) as Level[]).find((word) => LEVELS[word] === level)!;

/** @param folder of the pack: a path, or relative to the project */
export async function startPack(folder: string): Promise<StartedPack> {
  const child: ChildProcess = spawn(process.execPath, ["index.js"], {
    cwd: resolve(__dirname, "../..", folder),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [port] = (await once(child.stdout!, "data")) as [Buffer];
  const client = new AnalyzerClient(`127.0.0.1:${port.toString().trim()}`, credentials.createInsecure());
  const policies = async () => {
    const info = await promisify<Empty, AnalyzerInfo>((asked, answer) =>
      client.getAnalyzerInfo(asked, answer),
    )(new Empty());
    return info.getPoliciesList();
  };
  return {
    policies: async () => (await policies()).map((policy) => policy.getName()),
    schema: async (name) => {
      const found = (await policies()).find((policy) => policy.getName() === name);
      return found!.getConfigschema()!.getProperties()!.toJavaScript();
    },
    configure: async (config) => {
      const request = new ConfigureAnalyzerRequest();
      for (const policy of await policies()) {
        const own = config[policy.getName()] ?? {};
        const { enforcementLevel, ...properties } = typeof own === "string" ? { enforcementLevel: own } : own;
        const level = (enforcementLevel ?? config["all"]) as Level | undefined;
        const all = new PolicyConfig();
        all.setEnforcementlevel(level ? LEVELS[level] : policy.getEnforcementlevel());
        all.setProperties(Struct.fromJavaScript(properties as Json));
        request.getPolicyconfigMap().set(policy.getName(), all);
      }
      await promisify<ConfigureAnalyzerRequest, object>((asked, answer) => client.configure(asked, answer))(
        request,
      );
    },
    analyze: async (told, stack = "prod") => {
      const request = new AnalyzeRequest();
      request.setType(told.type);
      request.setName(told.name);
      request.setUrn(urn(stack, told));
      request.setOptions(new AnalyzerResourceOptions());
      request.setProperties(Struct.fromJavaScript(told.properties as Json));
      return diagnostics(
        await promisify<AnalyzeRequest, AnalyzeResponse>((asked, answer) => client.analyze(asked, answer))(
          request,
        ),
      );
    },
    analyzeStack: async (all, stack = "prod") => {
      const request = new AnalyzeStackRequest();
      for (const told of all) {
        const one = new AnalyzerResource();
        one.setType(told.type);
        one.setName(told.name);
        one.setUrn(urn(stack, told));
        one.setOptions(new AnalyzerResourceOptions());
        one.setProperties(Struct.fromJavaScript(told.properties as Json));
        request.addResources(one);
      }
      return diagnostics(
        await promisify<AnalyzeStackRequest, AnalyzeResponse>((asked, answer) =>
          client.analyzeStack(asked, answer),
        )(request),
      );
    },
    close: async () => {
      client.close();
      child.kill();
      await once(child, "exit");
    },
  };
}
