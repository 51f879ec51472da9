import * as pulumi from "@pulumi/pulumi";
import type { DatabaseJobsContext } from "../../components/release/migration";
import type { Migration } from "../../model/migration";
import type { Manifest, Release } from "../../model/release";
import { parseSettings } from "../../model/settings";
import { configuration, release } from "../model/fixtures";

export const JOB = "kubernetes:batch/v1:Job";
export const SNAPSHOT = "aws:rds/snapshot:Snapshot";
export const SCHEDULE = "aws:scheduler/schedule:Schedule";

export const MIGRATION: Migration = {
  revision: "5f1c2a",
  phase: "expand",
  serves: "2.3.1",
  downgrade: "4e0b19",
};

/** Blue live on the old version, green with a migration. */
export const migrating = (green: Partial<Manifest> = {}, changes: Partial<Release> = {}): Release =>
  release(0, { green: { version: "2.4.0", migration: MIGRATION, ...green }, ...changes });

/** What stands in for a hook under mocks, where no engine would register it. */
export const silentErrorHook = (): pulumi.ErrorHook =>
  Object.assign(Object.create(pulumi.ErrorHook.prototype) as pulumi.ErrorHook, {
    name: "silent",
    callback: () => false,
    __pulumiErrorHook: true,
    __registered: Promise.resolve(),
  });

export function contextOf(asked: Release, changes: Partial<DatabaseJobsContext> = {}): DatabaseJobsContext {
  const { app, environment, services, registry } = parseSettings(configuration());
  return {
    app,
    environment,
    services,
    registry,
    release: asked,
    namespace: app,
    ready: [],
    tells: silentErrorHook(),
    ...changes,
  };
}

/** Options of every resource below a component, by type and name. */
export class RecordedOptions {
  readonly #options = new Map<string, pulumi.CustomResourceOptions>();

  readonly transformation: pulumi.ResourceTransformation = ({ type, name, opts }) => {
    this.#options.set(`${type} ${name}`, opts);
    return undefined;
  };

  /** @throws Error where there is no such resource */
  of(type: string, name: string): pulumi.CustomResourceOptions {
    const found = this.#options.get(`${type} ${name}`);
    if (!found) throw new Error(`no ${type} ${name} among ${[...this.#options.keys()].join(", ")}`);
    return found;
  }

  /** Names of the resources that one waits for by its options. */
  async before(type: string, name: string): Promise<string[]> {
    const listed = this.of(type, name).dependsOn as pulumi.Resource[] | undefined;
    return Promise.all(
      (listed ?? []).map(
        (one) =>
          new Promise<string>(
            (resolve) => void one.urn.apply((urn) => resolve(urn.split("::").at(-1) ?? "")),
          ),
      ),
    );
  }
}
