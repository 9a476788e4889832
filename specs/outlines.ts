import { type HypothesisOutline, outlineOf } from '../harness/outline.ts'
import { constantSpeed } from './hypotheses/constant-speed.ts'
import { equipartition } from './hypotheses/equipartition.ts'
import { globalDisplacement } from './hypotheses/global-displacement.ts'
import { isotropy } from './hypotheses/isotropy.ts'
import { meanTrajectory } from './hypotheses/mean-trajectory.ts'
import { regression } from './regression/settings.ts'

/** Every hypothesis of the specs with its settings. A new one is added here, and `npm run new:spec` does. */
export const outlines: readonly HypothesisOutline[] = [
  outlineOf(constantSpeed, regression),
  outlineOf(equipartition, regression),
  outlineOf(globalDisplacement, regression),
  outlineOf(isotropy, regression),
  outlineOf(meanTrajectory, regression),
]
