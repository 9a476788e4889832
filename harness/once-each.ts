/** The same function, worked out once for each argument: plans and looks ask again and again, and some predictions take long. */
export function onceEach<Argument, Result>(of: (argument: Argument) => Result): (argument: Argument) => Result {
  const known = new Map<Argument, Result>()
  return (argument) => {
    if (!known.has(argument)) known.set(argument, of(argument))
    return known.get(argument) as Result
  }
}
