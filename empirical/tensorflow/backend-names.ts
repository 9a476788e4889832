/** In the order of choice; `cpu` (plain JavaScript) is never chosen, only asked for. */
export const backendNames = ['tfjs-node-gpu', 'webgpu', 'wasm', 'cpu'] as const

export type BackendName = (typeof backendNames)[number]

export function runsOnGpu(name: BackendName): boolean {
  return name === 'tfjs-node-gpu' || name === 'webgpu'
}
