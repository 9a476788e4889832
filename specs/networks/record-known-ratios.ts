import { writeFileSync } from 'node:fs'
import { openBackend } from '../../empirical/tensorflow/backend.ts'
import { seedFor } from '../../harness/vitest/environment.ts'
import { disagreements } from './known-ratios.ts'
import { measureNetwork } from './measure-network.ts'
import { smallNetwork } from './network-setting.ts'

/** Another run's number than specs have by themselves (0) or by date. */
const seed = 7

const { claims } = await measureNetwork(smallNetwork, await openBackend('wasm'), (stream) => seedFor(stream, seed))
const file = new URL(`./known-ratios/${smallNetwork.name}.json`, import.meta.url)
writeFileSync(file, `${JSON.stringify(disagreements(claims, seed, smallNetwork.replicas), null, 2)}\n`)
