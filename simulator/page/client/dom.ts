/** The shell always has it; a typing error should be heard of. */
export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no #${id}`);
  return element;
}

/** HTML that the simulator drew: every text in it is escaped there. */
export function toElement(html: string): HTMLElement {
  const template = document.createElement('template');
  template.innerHTML = html;
  const element = template.content.firstElementChild;
  if (!(element instanceof HTMLElement)) throw new Error('the simulator sent no element');
  return element;
}
