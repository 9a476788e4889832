/** What is asked of every network in every order of data: a quantity's beginning, and what replicas can answer within. */
export interface DeclaredClaim {
  readonly quantity: string
  /** Relative, ≥ 0.1. */
  readonly margin: number
}

/** Twice the half-width of the interval that sixteen replicas leave, and no less than the 10 % that networks are held to. */
export const declaredClaims: readonly DeclaredClaim[] = [
  { quantity: 'constant speed', margin: 0.2 },
  { quantity: 'mean ‖δ‖² over the run', margin: 0.1 },
  { quantity: '‖Δ‖² at the end', margin: 0.5 },
  { quantity: 'exponent c of ‖Δ‖²', margin: 0.4 },
  { quantity: 'velocity variance over predicted', margin: 0.1 },
  { quantity: 'position variance over predicted', margin: 0.15 },
  { quantity: 'rotation over predicted', margin: 0.1 },
  { quantity: 'isotropy', margin: 0.5 },
  { quantity: 'velocity covariance along H', margin: 0.5 },
  { quantity: 'mean frequency of position', margin: 0.25 },
  { quantity: 'mean frequency of velocity', margin: 0.1 },
  { quantity: 'frequencies in the order of eigenvalues', margin: 0.2 },
  { quantity: 'virial', margin: 0.35 },
]

/** Of the speed's scaling, one claim for each change of a hyperparameter. */
export const scalingMargin = 0.15
