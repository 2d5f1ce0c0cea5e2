import { valuesOf } from './form-values.js';
import type { Presses } from './presses.js';

const BUTTON = 'button.action[data-action-id], a.action[data-action-id]';
const SELECT = 'select.action[data-action-id]';
const RADIOS = '.choices[data-action-id]:not([data-field])';

/** Clicks and choices, wherever a message or a view is. */
export function listenForActions(presses: Presses): void {
  const press = (element: HTMLElement, option?: string): void => {
    const form = element.closest('form');
    void presses.press(element, option, form ? valuesOf(form) : undefined);
  };
  document.addEventListener('click', (event) => {
    const button = within(event, BUTTON);
    if (button && !presses.isWaiting(button)) press(button);
    else if (button) event.preventDefault();
  });
  document.addEventListener('change', (event) => {
    const element = within(event, SELECT) ?? within(event, RADIOS);
    const { target } = event;
    if (!element || !(target instanceof HTMLSelectElement || target instanceof HTMLInputElement)) return;
    if (presses.isWaiting(element)) presses.dress(element.parentElement ?? document);
    else if (target.value !== '') press(element, target.value);
  });
  document.addEventListener('keydown', (event) => {
    const select = within(event, SELECT);
    if (select instanceof HTMLSelectElement) openByKey(event, select, presses.isWaiting(select));
  });
}

const LEFT_ALONE = ['Tab', 'Escape', 'Shift'];

/** A closed select would take an arrow key for a choice, and the app would hear of it at once. */
function openByKey(event: KeyboardEvent, select: HTMLSelectElement, isWaiting: boolean): void {
  if (LEFT_ALONE.includes(event.key) || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  if (!isWaiting) select.showPicker();
}

function within(event: Event, selector: string): HTMLElement | undefined {
  const found = event.target instanceof Element ? event.target.closest(selector) : null;
  return found instanceof HTMLElement ? found : undefined;
}
