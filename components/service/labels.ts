import type { Colour } from "../../model/release";

/** The labels by which a colour's Service, autoscaler, budget and policies find its pods; they never change. */
export const selectorOf = (service: string, colour: Colour) => ({ app: service, colour });

/** What an object is labelled with, beside what selects it. */
export interface Labelled {
  app: string;
  service: string;
  colour: Colour;
  /** Absent on what outlives a version. */
  version?: string;
}

/** Every object of a colour's service: ours, and those that Kubernetes recommends for tools and people. */
export const labelsOf = ({ app, service, colour, version }: Labelled): Record<string, string> => ({
  ...selectorOf(service, colour),
  ...(version !== undefined && { version }),
  ...commonLabels(app, service, "service"),
  ...(version !== undefined && { "app.kubernetes.io/version": version }),
});

/** Labels of any object of the stack's. */
export const commonLabels = (app: string, name: string, component: string): Record<string, string> => ({
  "app.kubernetes.io/name": name,
  "app.kubernetes.io/part-of": app,
  "app.kubernetes.io/managed-by": "pulumi",
  "app.kubernetes.io/component": component,
});
