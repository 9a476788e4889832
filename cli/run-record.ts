import { thisMachine } from '../foundation/machine.ts'
import { type Run, schemaVersion } from '../foundation/results.ts'

/** What `run.json` says of a command that ends now. */
export function runRecord(
  startedAt: Date,
  {
    inputPath,
    workers,
    schemes,
    continued = false,
  }: Pick<Run, 'workers' | 'schemes'> & { readonly inputPath: string | undefined; readonly continued?: boolean },
): Run {
  return {
    schemaVersion,
    startedAt: startedAt.toISOString(),
    seconds: (Date.now() - startedAt.getTime()) / 1000,
    ...thisMachine(),
    workers,
    peakMemoryMegabytes: process.resourceUsage().maxRSS / 1024,
    ...(inputPath === undefined ? {} : { inputPath }),
    ...(continued ? { continued } : {}),
    schemes,
  }
}
