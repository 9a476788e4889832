import { describeTorchNetworks } from '../../../empirical/models/torch-networks.fixture.ts'
import { onGpu } from './on-gpu.ts'

await onGpu('every family against PyTorch', ({ name, device }) => describeTorchNetworks(`${name} (${device})`))
