import { cpus } from 'node:os'
import { type Run, schemaVersion } from '../foundation/results.ts'

/** What `run.json` says of a command that ends now. */
export function runRecord(
  startedAt: Date,
  { inputPath, workers, schemes }: Pick<Run, 'workers' | 'schemes'> & { readonly inputPath: string | undefined },
): Run {
  return {
    schemaVersion,
    startedAt: startedAt.toISOString(),
    seconds: (Date.now() - startedAt.getTime()) / 1000,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    workers,
    peakMemoryMegabytes: process.resourceUsage().maxRSS / 1024,
    ...(inputPath === undefined ? {} : { inputPath }),
    schemes,
  }
}
