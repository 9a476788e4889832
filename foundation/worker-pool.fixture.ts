import { DivergedError } from './phase-space.ts'
import { serveTasks } from './worker-pool.ts'

/** The test's worker: squares, at a pace that leaves the tasks' order. */
await serveTasks(({ offset }: { offset: number }) => (task: number) => {
  if (task === 1e6) throw new Error(`task ${task} failed`)
  if (task < 0) throw new DivergedError(`task ${task} diverged`)
  const until = performance.now() + (task % 3)
  while (performance.now() < until);
  return { square: (task + offset) ** 2, zeros: new Float64Array(task) }
})
