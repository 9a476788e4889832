import { cpus } from 'node:os'
import type { Machine } from './results.ts'

/** The machine that this process runs on. */
export function thisMachine(): Machine {
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
  }
}
