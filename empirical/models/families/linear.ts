import type { Architecture } from '../layers.ts'

export interface Linear {
  readonly inputShape: readonly number[]
  readonly outputs: number
}

/** Linear or softmax regression: one dense layer `fc`. */
export function linear({ inputShape, outputs }: Linear): Architecture {
  return { inputShape, layers: [{ kind: 'flatten' }, { kind: 'dense', name: 'fc', outputs, bias: true }] }
}
