/** `ref` of a field that a person has just asked for: it takes the focus when it comes into the page. */
export function takeFocus(field: HTMLElement | null): void {
  field?.focus();
}
