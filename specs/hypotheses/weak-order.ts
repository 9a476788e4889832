import type { Hypothesis } from '../../harness/hypothesis.ts'
import type { WeakSetting } from '../weak-order/suite.ts'

export const weakOrder: Hypothesis<WeakSetting> = {
  id: 'weak-order',
  claim:
    'The SDE follows SGD’s moments to first order in η at a fixed time ηk: to second for R_xx and for mean velocities from rest, to none at a fixed number of steps.',
  source: 'Assumption 2, eqs. 4–5; erratum 12',
  scale: 'linear',
  margin: 0.02,
  marginReason: 'slopes bend by the next order of the expansion',
  rivals: ({ theories }) => theories.map(({ name }) => name),
  quantities: ({ moments, bend }) =>
    moments.map((moment) => ({
      kind: 'exact',
      name: `order of ${moment.name}, the SDE ${moment.start}`,
      margin: bend,
      marginReason: 'the next order at the largest learning rate, 1e-3: ηh/(1−β)² is 0.012 at β = 0.5 and 0.3 at 0.9',
      predict: ({ says }) => says(moment),
      compute: moment.measured,
    })),
}
