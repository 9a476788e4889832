import { describeNetwork } from '../describe-network.ts'
import { largerNetwork } from '../network-setting.ts'
import { onGpu } from './on-gpu.ts'

await onGpu(largerNetwork.name, (backend) => describeNetwork(largerNetwork, async () => backend, undefined))
