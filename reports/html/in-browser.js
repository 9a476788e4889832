// What a report's page does when it is clicked. Plain script: it runs in the reader's browser as it stands here.
;(() => {
  /** Rows by the column clicked; clicked again, the other way. Numbers sort downwards first, and cells without one stay last. */
  function sortBy(heading) {
    const row = heading.parentElement
    const column = [...row.children].indexOf(heading)
    const body = heading.closest('table').tBodies[0]
    const numeric = heading.classList.contains('number')
    const before = heading.getAttribute('aria-sort')
    const first = numeric ? 'descending' : 'ascending'
    const second = numeric ? 'ascending' : 'descending'
    const direction = before === first ? second : first
    for (const other of row.children) other.removeAttribute('aria-sort')
    heading.setAttribute('aria-sort', direction)
    const sign = direction === 'ascending' ? 1 : -1
    const keyOf = (line) => {
      const cell = line.children[column]
      if (!numeric) return cell.textContent
      return cell.dataset.order === undefined ? undefined : Number(cell.dataset.order)
    }
    const compare = (a, b) => {
      if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1
      return sign * (numeric ? a - b : a.localeCompare(b, 'en', { numeric: true }))
    }
    const lines = [...body.rows].map((line) => ({ line, key: keyOf(line) }))
    lines.sort((a, b) => compare(a.key, b.key))
    body.append(...lines.map(({ line }) => line))
  }

  /** Opens whatever hides the place that the address names. */
  function openTarget() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
    if (!target) return
    for (let place = target; place; place = place.parentElement) {
      if (place.tagName === 'DETAILS') place.open = true
    }
    target.scrollIntoView()
  }

  /** Leaves the claims whose line holds every word typed, and opens the groups that hold any. */
  function find(words) {
    for (const claim of document.querySelectorAll('.claim')) {
      const text = claim.querySelector('summary').textContent.toLowerCase()
      claim.hidden = !words.every((word) => text.includes(word))
    }
    for (const group of document.querySelectorAll('.group')) {
      const found = group.querySelector('.claim:not([hidden])') !== null
      group.hidden = !found
      group.open = words.length > 0 && found
    }
  }

  const zoomed = document.getElementById('zoomed')
  document.addEventListener('click', (event) => {
    const heading = event.target.closest('th button')
    if (heading) sortBy(heading.parentElement)
    const figure = event.target.closest('.zoom')
    if (figure) {
      zoomed.replaceChildren(figure.querySelector('svg').cloneNode(true))
      zoomed.showModal()
    } else if (event.target.closest('dialog')) {
      zoomed.close()
    }
  })
  document.getElementById('find')?.addEventListener('input', (event) => {
    find(event.target.value.toLowerCase().split(/\s+/).filter(Boolean))
  })
  addEventListener('hashchange', openTarget)
  openTarget()
})()
