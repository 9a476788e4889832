import { expect, it } from 'vitest'
import type { ScalingPoint } from '../foundation/benchmark-results.ts'
import { renderScaling } from './scaling-figure.ts'

const point = (contender: string, modes: number, time: number): ScalingPoint => ({
  ...{ along: 'modes', modes, batchSize: 16, chains: 1, contender },
  median: time,
  samples: [0.9 * time, time, 1.2 * time],
})

it('draws each contender that was timed, without a complaint and always the same', async () => {
  const points = [8, 64, 512].flatMap((modes) => [
    point('ours', modes, 20 * modes),
    point('gcc -O3', modes, 30 * modes),
  ])
  const warnings: string[] = []
  const svg = await renderScaling(points, (message) => warnings.push(message))
  expect(warnings).toEqual([])
  for (const text of ['modes d', 'along modes, S = 16', 'ours', 'gcc -O3', 'time a step and chain  [ns]']) {
    expect(svg).toContain(`>${text}<`)
  }
  for (const text of ['PyTorch, batched<', 'along chains']) expect(svg).not.toContain(text)
  expect(await renderScaling(points)).toBe(svg)
})
