/** The text of the field an event came from. */
export function valueOf(event: Event): string {
  const field = event.composedPath()[0]
  const isField =
    field instanceof HTMLInputElement ||
    field instanceof HTMLTextAreaElement ||
    field instanceof HTMLSelectElement
  return isField ? field.value : ''
}

/** A listener for `submit` that keeps the browser from sending the form anywhere. */
export function onSubmit(action: () => unknown): (event: Event) => void {
  return (event) => {
    event.preventDefault()
    void action()
  }
}
