import { expect, test } from 'vitest'
import { remembered } from './remembered.ts'

test('each chain is run once, whoever asks and in whatever order', () => {
  const ran: number[] = []
  const { runReplica, name } = remembered({
    name: 'counted',
    looks: [64],
    stepsPerReplica: 1,
    samplesPerReplica: 1,
    runReplica(chain: number) {
      ran.push(chain)
      return { chain }
    },
  })
  const first = runReplica(3)
  expect([runReplica(0), runReplica(3), runReplica(0)].map(({ chain }) => chain)).toEqual([0, 3, 0])
  expect(runReplica(3)).toBe(first)
  expect(ran).toEqual([3, 0])
  expect(name).toBe('counted')
})
