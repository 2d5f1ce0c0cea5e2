/** An entry as the simulator takes it: a text or an option's value, several values, or nothing. */
type Entry = string | string[] | null;

/** What stands in the inputs of a view, by block_id and action_id. */
export function valuesOf(form: HTMLFormElement): Record<string, Record<string, Entry>> {
  const values: Record<string, Record<string, Entry>> = {};
  for (const control of form.querySelectorAll<HTMLElement>('[data-field]')) {
    const { blockId = '', actionId = '' } = control.dataset;
    values[blockId] = { ...values[blockId], [actionId]: entryOf(control) };
  }
  return values;
}

function entryOf(control: HTMLElement): Entry {
  if (control instanceof HTMLSelectElement && control.multiple) {
    return [...control.selectedOptions].map(({ value }) => value);
  }
  if ('value' in control) return control.value === '' ? null : String(control.value);
  const checked = [...control.querySelectorAll('input')].filter((input) => input.checked).map(({ value }) => value);
  return control.dataset.single === undefined ? checked : (checked[0] ?? null);
}

/** Puts what Slack's client would not send before the reader. True when there is nothing of the kind. */
export function checkForm(form: HTMLFormElement): boolean {
  let isFine = true;
  for (const field of form.querySelectorAll<HTMLElement>('.field')) {
    const fault = faultOf(field);
    if (fault !== undefined) isFine = false;
    if (fault !== undefined) showFault(field, fault);
  }
  return isFine;
}

function faultOf(field: HTMLElement): string | undefined {
  const control = field.querySelector<HTMLElement>('[data-field]');
  if (!control) return undefined;
  const entry = entryOf(control);
  if (entry === null || entry.length === 0) {
    return field.dataset.required === undefined ? undefined : 'Please complete this required field.';
  }
  const least = Number(control.dataset.minLength ?? 0);
  return typeof entry === 'string' && entry.length < least ? `Please type at least ${least} characters.` : undefined;
}

/** An empty text takes it away. */
export function showFault(field: HTMLElement, text: string): void {
  const error = field.querySelector<HTMLElement>('.field-error');
  if (error) error.textContent = text;
  if (error) error.hidden = text === '';
  field.classList.toggle('has-error', text !== '');
  field.querySelector('[data-field]')?.setAttribute('aria-invalid', String(text !== ''));
}

/** Said when little room is left. */
export function countLeft(form: HTMLElement): void {
  for (const field of form.querySelectorAll<HTMLElement>('.field')) {
    const control = field.querySelector<HTMLInputElement | HTMLTextAreaElement>(
      'input[maxlength], textarea[maxlength]',
    );
    const note = field.querySelector<HTMLElement>('.count-left');
    if (!control || !note) continue;
    const left = control.maxLength - control.value.length;
    note.textContent = left <= control.maxLength / 5 ? String(left) : '';
    note.title = `${left} characters left`;
  }
}
