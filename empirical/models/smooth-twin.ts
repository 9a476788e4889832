import type { Model, Step } from './model.ts'

/**
 * The network with softplus in place of every rectifier and means in place of maxima: the same parameters and shapes, and
 * second derivatives that finite differences can check.
 */
export function smoothTwin(model: Model): Model {
  return { ...model, steps: model.steps.map(smooth) }
}

function smooth(step: Step): Step {
  return {
    ...step,
    layer: smoothLayer(step.layer),
    branch: step.branch.map(smooth),
    shortcut: step.shortcut.map(smooth),
  }
}

function smoothLayer(layer: Step['layer']): Step['layer'] {
  if (layer.kind === 'rectifier') return { kind: 'softplus' }
  return layer.kind === 'maximum-pool' ? { ...layer, kind: 'average-pool' } : layer
}
