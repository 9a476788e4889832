import { inverse } from '../../foundation/linear-algebra/linear-solve.ts'
import { multiplyVector } from '../../foundation/linear-algebra/square-matrix.ts'
import type { Suite } from '../../harness/hypothesis.ts'
import { seedFor } from '../../harness/vitest/environment.ts'
import { figure3Drift, figure3Offset } from '../../oracle/errata/figure-3-drift.ts'
import { figure3, figure3Process, stationaryLaw } from '../../oracle/ornstein-uhlenbeck/index.ts'
import { specLedger } from '../regression/settings.ts'
import { type PlanarSetting, planarSetting, turnOf } from './planar.ts'

/** The repaired drift b − Ax with the noise of I.4; deviations from A⁻¹b are simulated, b and A as the appendix prints them. */
const process = figure3Process('potentialMinimum')
const { shape } = stationaryLaw(process)
const turn = turnOf(process)
const gibbs = inverse(process.drift, 2)!
const isotropic = gibbs.map((value) => ((process.diffusion[0]! + process.diffusion[3]!) / 2) * value)

export const figure3Suite: Suite<PlanarSetting> = {
  settings: [
    {
      name: 'Figure 3, drift b − Ax',
      ...planarSetting(process, {
        center: multiplyVector(inverse(Float64Array.from(figure3Drift), 2)!, Float64Array.from(figure3Offset), 2),
        start: [0, 0], // the middle of the plot
        seed: seedFor(300),
        steps: 6e6,
      }),
      reference: 'repaired',
      required: true,
      theories: [
        {
          name: 'repaired',
          title: 'drift b − Ax, centred where the plotted potentials are least',
          source: 'I.4 with erratum 9; eqs. 13, 14, 34',
          says: { center: figure3.potentialMinimum, shape, turn },
        },
        {
          name: 'as printed',
          title: 'drift A(b − x), centred at b',
          source: 'I.4 (erratum 9)',
          says: { center: figure3.offset, shape, turn },
        },
        {
          name: 'original loss',
          title: 'p ∝ e^{−κΦ}, Φ = ½xᵀAx − bx, without currents',
          source: 'Gibbs’ law of Φ, the left panel',
          says: { center: figure3.potentialMinimum, shape: gibbs, turn: 0 },
        },
        {
          name: 'isotropic noise',
          title: 'p ∝ e^{−Φ/T} at the mean temperature of both directions, without currents',
          source: 'D ∝ I',
          says: { center: figure3.potentialMinimum, shape: isotropic, turn: 0 },
        },
        {
          name: 'turned round',
          title: 'the current of the other sign of Q',
          source: 'eq. 17 with −Q',
          says: { turn: -turn },
        },
      ],
    },
  ],
  ledger: specLedger,
  mutants: [],
}
