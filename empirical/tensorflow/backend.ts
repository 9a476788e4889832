import process from 'node:process'
import * as tf from '@tensorflow/tfjs'
import '@tensorflow/tfjs-backend-wasm'
import { type BackendName, backendNames } from './backend-names.ts'
import { registerSecondOrderGradients } from './second-order-gradients.ts'
import { registerWasmKernels } from './wasm/kernels.ts'

export interface OpenBackend {
  readonly name: BackendName
  /** What computes, as the backend names it. */
  readonly device: string
  /** The earlier ones in the order of choice, and why each was not taken. */
  readonly passedOver: readonly { readonly name: BackendName; readonly reason: string }[]
}

/**
 * Makes a backend the one that this thread's tensors live on, with every kernel and gradient that training and
 * Hessian-vector products need: the one asked for, else tfjs-node-gpu, else webgpu unless its adapter is a software
 * fallback, else wasm. Each worker thread opens its own.
 *
 * @throws RangeError, with the reason, if the backend asked for is not there
 */
export async function openBackend(wanted?: BackendName): Promise<OpenBackend> {
  if (wanted !== undefined && !backendNames.includes(wanted)) {
    throw new RangeError(`openBackend: wanted must be one of ${backendNames.join(', ')}, got ${wanted}`)
  }
  tf.enableProdMode() // else TensorFlow.js greets on the console
  registerSecondOrderGradients()
  const passedOver: { name: BackendName; reason: string }[] = []
  for (const name of wanted === undefined ? backendNames : [wanted]) {
    try {
      return { name, device: await openers[name](wanted !== undefined), passedOver }
    } catch (error) {
      passedOver.push({ name, reason: firstLine(error) })
    }
  }
  throw new RangeError(
    `openBackend: no backend could be opened: ${passedOver.map(({ name, reason }) => `${name}: ${reason}`).join('; ')}`,
  )
}

/** One line for people: which backend, on what, and why not the earlier ones. */
export function describeBackend({ name, device, passedOver }: OpenBackend): string {
  const reasons = passedOver.map((other) => `not ${other.name}: ${other.reason}`)
  return [`backend ${name} (${device})`, ...reasons].join('; ')
}

/** Each opens its backend, or throws why it is not there. */
const openers: Record<BackendName, (evenSoftware: boolean) => Promise<string>> = {
  'tfjs-node-gpu': openNodeGpu,
  webgpu: openWebGpu,
  wasm: openWasm,
  cpu: async () => {
    await use('cpu')
    return 'plain JavaScript, one thread'
  },
}

async function openNodeGpu(): Promise<string> {
  await importOptional('@tensorflow/tfjs-node-gpu')
  await use('tensorflow')
  const backend = tf.backend() as { isUsingGpuDevice?: boolean }
  if (backend.isUsingGpuDevice !== true) throw new Error('libtensorflow found no CUDA device')
  return 'libtensorflow, CUDA'
}

/** What of WebGPU is used here; the optional package brings the full types. */
interface GpuAdapter {
  readonly info: Readonly<Record<string, unknown>>
  readonly isFallbackAdapter?: boolean
}
interface Dawn {
  readonly globals: object
  create(options: string[]): { requestAdapter(options: object): Promise<GpuAdapter | null> }
}

async function openWebGpu(evenSoftware: boolean): Promise<string> {
  const dawn = (await importOptional('webgpu')) as unknown as Dawn
  Object.assign(globalThis, dawn.globals)
  const gpu = dawn.create([])
  // Node 20 has no navigator; later ones have one that cannot be replaced but extended
  const world = globalThis as { navigator?: object }
  if (world.navigator === undefined) Object.defineProperty(world, 'navigator', { value: {} })
  Object.defineProperty(world.navigator, 'gpu', { value: gpu, configurable: true })
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (adapter === null) throw new Error('no adapter')
  const description = ['vendor', 'architecture', 'device', 'description'].map((key) => adapter.info[key]).join(' ')
  if (!evenSoftware && isSoftware(adapter, description)) throw new Error(`software fallback (${description.trim()})`)
  await importOptional('@tensorflow/tfjs-backend-webgpu')
  await use('webgpu')
  const { device } = tf.backend() as unknown as { device: EventTarget }
  device.addEventListener('uncapturederror', (event) => {
    const { error } = event as Event & { readonly error: Error }
    // validation errors throw nowhere and leave wrong results; from native code's callback a throw would be lost
    setImmediate(() => {
      throw new Error(`webgpu: ${error.message}`)
    })
  })
  return description.trim()
}

function isSoftware({ info, isFallbackAdapter }: GpuAdapter, description: string): boolean {
  return (
    isFallbackAdapter === true ||
    info['isFallbackAdapter'] === true ||
    /llvmpipe|lavapipe|swiftshader|software/i.test(description)
  )
}

async function openWasm(): Promise<string> {
  const events = ['uncaughtException', 'unhandledRejection'] as const
  const before = events.map((event) => process.rawListeners(event))
  await use('wasm')
  // Emscripten's start installs handlers that only throw again, and hide where an error of ours came from
  events.forEach((event, index) => {
    for (const listener of process.rawListeners(event)) {
      if (!before[index]!.includes(listener)) process.off(event, listener as () => void)
    }
  })
  registerWasmKernels()
  return tf.env().getBool('WASM_HAS_SIMD_SUPPORT') ? 'SIMD, one thread' : 'no SIMD, one thread'
}

async function use(registered: string): Promise<void> {
  if (!(await tf.setBackend(registered))) throw new Error('TensorFlow.js could not start it')
  await tf.ready()
}

/** A package that only some machines have; the name is a value so that no compiler looks for it. */
async function importOptional(name: string): Promise<Record<string, unknown>> {
  try {
    return (await import(name)) as Record<string, unknown>
  } catch (error) {
    const missing = (error as { code?: string }).code === 'ERR_MODULE_NOT_FOUND'
    throw new Error(missing ? `package ${name} is not installed` : `package ${name} does not load: ${firstLine(error)}`)
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!
}
