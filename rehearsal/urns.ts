/** URNs of a stack's resources that a shift may update: weighted rules of public services, and the transition. */
export function shiftUrns(stack: string, project: string, services: readonly string[]): string[] {
  const prefix = `urn:pulumi:${stack}::${project}::`;
  const rule = "sluice:service:BlueGreenService$aws:lb/listenerRule:ListenerRule";
  return [
    `${prefix}sluice:release:Transition::release`,
    ...services.map((service) => `${prefix}${rule}::${service}-weighted`),
  ];
}
