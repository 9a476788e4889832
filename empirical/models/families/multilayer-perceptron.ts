import type { Architecture, Layer } from '../layers.ts'

export interface MultilayerPerceptron {
  readonly inputShape: readonly number[]
  /** Width of each hidden layer. */
  readonly hidden: readonly number[]
  readonly outputs: number
}

/** Dense layers with rectifiers between them, named as those of a PyTorch `Sequential` (`layers.0`, `layers.2`, …). */
export function multilayerPerceptron({ inputShape, hidden, outputs }: MultilayerPerceptron): Architecture {
  const layers = [...hidden, outputs].flatMap((width, index): Layer[] => [
    { kind: 'dense', name: `layers.${2 * index}`, outputs: width, bias: true },
    ...(index < hidden.length ? [{ kind: 'rectifier' } as const] : []),
  ])
  return { inputShape, layers: [{ kind: 'flatten' }, ...layers] }
}
