/** What a pod needs where Pod Security is "restricted"; its image has this user. */
export const hardenedPod = (user: number) => ({
  runAsNonRoot: true,
  runAsUser: user,
  runAsGroup: user,
  fsGroup: user,
  seccompProfile: { type: "RuntimeDefault" },
});

/** What each of its containers needs. */
export const HARDENED_CONTAINER = {
  allowPrivilegeEscalation: false,
  privileged: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

/** Requests and limits; no limit of processors, which would make whoever watches late when there is most to see. */
export const resourcesOf = ({ cpu, memory }: { readonly cpu: string; readonly memory: string }) => ({
  requests: { cpu, memory },
  limits: { memory },
});

/** Pods with these labels are apart, by zone if there is room and by machine. */
export const apart = (matchLabels: Readonly<Record<string, string>>) => [
  {
    topologyKey: "topology.kubernetes.io/zone",
    maxSkew: 1,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels },
  },
];
