import { openBackend } from '../../empirical/tensorflow/backend.ts'
import { describeNetwork } from './describe-network.ts'
import { readKnownRatios } from './known-ratios.ts'
import { smallNetwork } from './network-setting.ts'

describeNetwork(smallNetwork, () => openBackend('wasm'), readKnownRatios(smallNetwork.name))
