import { beforeAll } from 'vitest'
import { openBackend } from '../tensorflow/backend.ts'
import { describeTorchNetworks } from './torch-networks.fixture.ts'

beforeAll(async () => {
  await openBackend('wasm')
})

describeTorchNetworks('wasm')
