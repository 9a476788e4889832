import { describe, test } from 'vitest'
import { openBackend } from '../../../empirical/tensorflow/backend.ts'
import { runsOnGpu } from '../../../empirical/tensorflow/backend-names.ts'
import { describeNetwork } from '../describe-network.ts'
import { largerNetwork } from '../network-setting.ts'

const backend = await openBackend()

if (runsOnGpu(backend.name)) {
  describeNetwork(largerNetwork, async () => backend, undefined)
} else {
  const reasons = backend.passedOver.map(({ name, reason }) => `${name}: ${reason}`).join('; ')
  describe(largerNetwork.name, () => {
    test(`needs a GPU (${reasons})`, { skip: true }, () => {})
  })
}
