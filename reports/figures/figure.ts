import type { TopLevelSpec } from 'vega-lite'

/** Which part of a report a figure belongs to. */
export type FigureKind =
  | 'verdicts'
  | 'error-budget'
  | 'mean-trajectory'
  | 'displacement'
  | 'mode-variance'
  | 'run-displacement'
  | 'exponent-length'
  | 'position-plane'
  | 'velocity-plane'
  | 'phase-plane'
  | 'sweep'
  | 'oscillation'
  | 'rivals'
  | 'isotropy'
  | 'equipartition'
  | 'modified-potential'

/** A figure before it is rendered. */
export interface Figure {
  readonly kind: FigureKind
  /** File name without ending. */
  readonly name: string
  readonly title: string
  /** What is drawn and how to read it, in plain words. */
  readonly caption: string
  readonly spec: TopLevelSpec
}

/** A figure rendered. */
export interface FigureFile extends Omit<Figure, 'spec'> {
  readonly svg: string
}
