import { statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import type { LocalPod } from "../../rehearsal/cloud/cluster/local-pod";
import { type Exporter, startExporter } from "../cloud/exporter";

/** What a kubelet tells of its containers, which the local cluster has none of. */
export interface Usage {
  readonly exporter: Exporter;
  stop(): Promise<void>;
}

/**
 * The processors and memory that this process uses, and the disk that it writes to. All local pods run in this process:
 * what it uses is divided among them, so that the sum is what was measured.
 *
 * @param pods those of the moment
 */
export async function startUsage(pods: () => readonly LocalPod[]): Promise<Usage> {
  const exporter = await startExporter();
  const measure = () => {
    const all = pods();
    const { user, system } = process.cpuUsage();
    const { rss } = process.memoryUsage();
    for (const { namespace, name: pod, container } of all) {
      const labels = { namespace, pod, container };
      exporter.set("container_cpu_usage_seconds_total", labels, (user + system) / 1e6 / all.length);
      exporter.set("container_memory_working_set_bytes", labels, rss / all.length);
    }
    const { bsize, bavail, blocks } = statfsSync(tmpdir());
    const claim = { namespace: "qdrant", persistentvolumeclaim: "qdrant-storage-qdrant-0" };
    exporter.set("kubelet_volume_stats_available_bytes", claim, bsize * bavail);
    exporter.set("kubelet_volume_stats_capacity_bytes", claim, bsize * blocks);
  };
  const timer = setInterval(measure, 500);
  return {
    exporter,
    stop: () => {
      clearInterval(timer);
      return exporter.stop();
    },
  };
}
