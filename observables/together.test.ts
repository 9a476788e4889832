import { describe, expect, it } from 'vitest'
import { show, waves } from './observer.settings.ts'
import { observePath } from './path.ts'
import { observeSpectrum } from './spectrum.ts'
import { observeStationary } from './stationary.ts'
import { observeTogether } from './together.ts'
import { observeTwoTime } from './two-time.ts'

describe('observeTogether', () => {
  const shape = { modeCount: 3, outputCount: 2 }
  const chain = waves(shape, 60)
  const make = () =>
    [
      observeStationary(shape, { burnIn: 3, lags: [4], correlationLags: [2], stride: 5 }),
      observeTwoTime(shape, { burnIn: 10, lags: [1, 7], stride: 9 }),
      observeSpectrum(shape, { burnIn: 20, pointCount: 8, every: 11 }),
      observePath(shape, { origin: 0, steps: [1, 30] }),
    ] as const

  it('lets each see what it sees alone, and asks for no other step', () => {
    const alone = make()
    const steps = new Set(alone.flatMap(({ observer }) => show(chain, observer)))
    const together = make()
    const shown = show(chain, observeTogether(together.map(({ observer }) => observer)))
    expect(shown).toEqual([...steps].sort((a, b) => a - b))
    expect(together.map(({ record }) => record())).toEqual(alone.map(({ record }) => record()))
  })

  it('refuses two that want sums', () => {
    const [one, other] = [make()[0], make()[0]]
    expect(() => observeTogether([one.observer, other.observer])).toThrow(
      new TypeError('observeTogether: at most one observer may have sums, got 2'),
    )
  })
})
