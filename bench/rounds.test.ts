import { expect, it } from 'vitest'
import { type Contender, calibratedSteps, interleavedRounds } from './rounds.ts'

/** Takes so many nanoseconds a step by its own clock, and keeps a diary. */
function clocked(key: string, nanoseconds: number, diary: string[] = []): Contender {
  return {
    key,
    work: {
      time: async (steps) => {
        diary.push(`${key} ${steps}`)
        return steps * nanoseconds
      },
    },
  }
}

it('calibrates to the time asked for, from one step on', async () => {
  const diary: string[] = []
  expect(await calibratedSteps(clocked('a', 500, diary), 100)).toBe(200_000)
  expect(diary.slice(0, 3)).toEqual(['a 1', 'a 8', 'a 64'])
  expect(await calibratedSteps(clocked('slow', 1e9), 100)).toBe(1)
  expect(await calibratedSteps({ ...clocked('many', 500), leastSteps: 300_000 }, 100)).toBe(300_000)
})

it('one hiccup does not end the search', async () => {
  let calls = 0
  const hiccuping: Contender = { key: 'a', work: { time: async (steps) => (++calls === 2 ? 90e6 : steps * 500) } }
  expect(await calibratedSteps(hiccuping, 100)).toBe(200_000)
})

it('times all once a round, back and forth, and does not count the first', async () => {
  const diary: string[] = []
  const contenders = [
    { contender: clocked('a', 500, diary), steps: 10 },
    { contender: clocked('b', 250, diary), steps: 20 },
  ]
  const progress: number[] = []
  const samples = await interleavedRounds(contenders, 3, (done) => progress.push(done))
  expect(diary).toEqual(['a 10', 'b 20', 'b 20', 'a 10', 'a 10', 'b 20', 'b 20', 'a 10'])
  expect(progress).toEqual([0, 1, 2, 3])
  expect(samples.map((times) => times.length)).toEqual([3, 3])
  for (const [index, expected] of [500, 250].entries()) {
    // the way through milliseconds rounds
    for (const time of samples[index]!) expect(time).toBeCloseTo(expected, 9)
  }
})

it('times ours by the bench’s clock', async () => {
  let done = 0
  const spin: Contender = {
    key: 'ours',
    work: {
      run: (steps) => {
        const end = performance.now() + 0.5 * steps
        while (performance.now() < end) done++
      },
    },
  }
  const [samples] = await interleavedRounds([{ contender: spin, steps: 4 }], 2, () => {})
  expect(done).toBeGreaterThan(0)
  // never less than it spins for; more only by what the machine does in between
  for (const time of samples!) expect(time).toBeGreaterThanOrEqual(0.5e6)
})

it('a peer that fails in a round fails the run', async () => {
  const broken: Contender = { key: 'broken', work: { time: async () => Promise.reject(new Error('stopped')) } }
  await expect(interleavedRounds([{ contender: broken, steps: 1 }], 1, () => {})).rejects.toThrow('stopped')
})
