import type { Model, Step } from './model.ts'

/** The network with softplus in place of every rectifier: the same parameters, and derivatives that finite differences can check. */
export function smoothTwin(model: Model): Model {
  return { ...model, steps: model.steps.map(smooth) }
}

function smooth(step: Step): Step {
  const layer = step.layer.kind === 'rectifier' ? ({ kind: 'softplus' } as const) : step.layer
  return { ...step, layer, branch: step.branch.map(smooth), shortcut: step.shortcut.map(smooth) }
}
