import type { Suite } from '../../harness/hypothesis.ts'
import { seedFor } from '../../harness/vitest/environment.ts'
import {
  figure3Process,
  type OrnsteinUhlenbeck,
  ornsteinUhlenbeck,
  stationaryLaw,
} from '../../oracle/ornstein-uhlenbeck/index.ts'
import { specLedger } from '../regression/settings.ts'
import type { Voice } from '../voice.ts'
import { type PlanarLaw, type PlanarSetting, planarSetting, turnOf } from './planar.ts'

/** Figure 3's drift, symmetric, with noise that commutes with it: the currents are gone. Centred at 0, κ = 1. */

const anisotropic = figure3Process('offset')
const drift = anisotropic.drift

/** Eigenvalues 4 along (−1, 1), 1 along (1, 1), as the drift's; the noise of Figure 3 has the same trace. */
function withDiffusion(diffusion: readonly number[]): OrnsteinUhlenbeck {
  return ornsteinUhlenbeck({
    size: 2,
    drift,
    center: new Float64Array(2),
    diffusion: Float64Array.from(diffusion),
    inverseTemperature: 1,
  })
}

const isotropic = withDiffusion([2.5, 0, 0, 2.5])
/** The reverse of the drift's: 1 along (−1, 1), 4 along (1, 1). */
const alongAxes = withDiffusion([2.5, 1.5, 1.5, 2.5])
/** Of Figure 3: how far it turns in one step. */
export const figure3Turn = turnOf(anisotropic)

function setting(
  name: string,
  process: OrnsteinUhlenbeck,
  other: OrnsteinUhlenbeck,
  { stream, steps }: { stream: number; steps: number },
): PlanarSetting {
  const origin = [0, 0]
  const { shape } = stationaryLaw(process)
  const theories: readonly Voice<PlanarLaw>[] = [
    {
      name: 'detailed balance',
      title: 'A symmetric and commuting with D: covariance A⁻¹D/κ, and no current',
      source: 'sec. 7; eqs. 13, 17',
      says: { shape, turn: 0 },
    },
    {
      name: 'Figure 3',
      title: 'the same drift with noise askew to it, of the same trace',
      source: 'I.4; eqs. 13, 17',
      says: { shape: stationaryLaw(anisotropic).shape, turn: figure3Turn },
    },
    {
      name: 'turned round',
      title: 'the current of Figure 3 with the other sign of Q',
      source: 'eq. 17 with −Q',
      says: { turn: -figure3Turn },
    },
    {
      name: 'other commuting noise',
      title: 'noise that commutes with the drift too, with other eigenvalues',
      source: 'the isotropic for the anisotropic, and the reverse',
      says: { shape: stationaryLaw(other).shape, turn: 0 },
    },
    {
      name: 'twice the temperature',
      title: 'covariance 2A⁻¹D/κ',
      source: 'noise √(2D) counted twice',
      says: { shape: shape.map((value) => 2 * value) },
    },
  ]
  return {
    name,
    ...planarSetting(process, { center: origin, start: origin, seed: seedFor(stream), steps }),
    reference: 'detailed balance',
    required: true,
    theories,
  }
}

export const balanced: Suite<PlanarSetting> = {
  settings: [
    setting('isotropic noise', isotropic, alongAxes, { stream: 430, steps: 2e6 }),
    setting('noise along the axes of the drift', alongAxes, isotropic, { stream: 431, steps: 2e6 }),
  ],
  ledger: specLedger,
  mutants: [
    {
      name: 'covariance of a balanced process 2 % too large',
      bug: 'a pooled error just beyond the margin',
      small: true,
      plant({ theories }) {
        const own = theories[0]!
        return { ...own, says: { shape: own.says.shape!.map((value) => 1.02 * value) } }
      },
    },
    {
      name: 'variance of one direction 10 % too large',
      bug: 'an error along (1, 1) alone',
      small: true,
      plant({ theories }) {
        const own = theories[0]!
        const along = own.says.shape!.reduce((sum, value) => sum + value / 2, 0)
        return { ...own, says: { shape: own.says.shape!.map((value) => value + (0.1 * along) / 2) } }
      },
    },
  ],
}
