import type { TestModule } from 'vitest/node'
import { type SpecRun, schemaVersion } from '../../foundation/results.ts'
import { version } from '../../foundation/version.ts'
import type {} from './spec-record.ts'

/** What of a test module its run is read from. */
type Ran = Pick<TestModule, 'meta' | 'children'>

/** When and where tests ran that left findings, one machine or many, wherever their shards are merged. */
export function specRunOf(modules: readonly Ran[], how: Pick<SpecRun, 'testRunner' | 'merged'>): SpecRun {
  const machines = new Map<string, SpecRun['machines'][number]>()
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const module of modules) {
    const machine = module.meta().sgdOracleMachine
    if (machine === undefined) continue
    const key = JSON.stringify(machine)
    machines.set(key, { ...machine, files: (machines.get(key)?.files ?? 0) + 1 })
    for (const test of module.children.allTests()) {
      const ran = test.diagnostic()
      if (ran === undefined) continue
      first = Math.min(first, ran.startTime)
      last = Math.max(last, ran.startTime + ran.duration)
    }
  }
  return {
    schemaVersion,
    program: { name: 'sgd-oracle', version },
    ...how,
    ...(machines.size === 0 ? {} : { startedAt: new Date(first).toISOString(), seconds: (last - first) / 1000 }),
    machines: [...machines.values()].sort((a, b) => b.files - a.files),
  }
}
