import { act, type Outcome } from './control.js';

/** `waiting` for the app's acknowledgement; `silent` when none came in time. */
type Wait = 'waiting' | 'silent';

const ELEMENTS = '.action[data-action-id], .choices[data-action-id]:not([data-field])';

/** How clicks on buttons and selects stand. Drawn anew after every change of what they stand in. */
export class Presses {
  private readonly waits = new Map<string, Wait>();
  /** Slack's client goes on showing the last choice as long as block and element are the same. */
  private readonly choices = new Map<string, string>();

  constructor(
    private readonly person: () => string,
    private readonly failed: (text: string) => void,
  ) {}

  /** Somebody else looks now. */
  forget(): void {
    this.waits.clear();
    this.choices.clear();
  }

  isWaiting(element: HTMLElement): boolean {
    return this.waits.get(keyOf(element)) === 'waiting';
  }

  /** `values`: what else stands in the view. */
  async press(element: HTMLElement, option: string | undefined, values: object | undefined): Promise<void> {
    const person = this.person();
    const key = keyOf(element);
    if (option !== undefined) this.choices.set(key, option);
    this.note(key, 'waiting');
    const { path, where } = surfaceOf(element);
    const action = { action_id: element.dataset.actionId, ...(option !== undefined && { option }) };
    const outcome = await act(person, `${path}click`, { ...where, ...action, ...(values && { values }) });
    if (person !== this.person()) return;
    this.ended(key, outcome);
  }

  dress(root: ParentNode): void {
    for (const element of root.querySelectorAll<HTMLElement>(ELEMENTS)) this.dressOne(element);
  }

  private ended(key: string, outcome: Outcome): void {
    const isAcknowledged = outcome.ok && outcome.acknowledged === true;
    if (isAcknowledged) this.forgive(key);
    // So that the same can be chosen once more.
    else this.choices.delete(key);
    this.note(key, isAcknowledged ? undefined : 'silent');
    if (!outcome.ok) this.failed(outcome.error ?? 'That did not work.');
  }

  /** The app answers again: warnings beside other buttons of the same message are of yesterday. */
  private forgive(key: string): void {
    const [surface] = key.split('\n');
    for (const [other, wait] of this.waits) {
      if (wait === 'silent' && other.split('\n')[0] === surface) this.note(other, undefined);
    }
  }

  private note(key: string, wait: Wait | undefined): void {
    if (wait) this.waits.set(key, wait);
    else this.waits.delete(key);
    for (const element of document.querySelectorAll<HTMLElement>(ELEMENTS)) {
      if (keyOf(element) === key) this.dressOne(element, wait === 'silent');
    }
  }

  private dressOne(element: HTMLElement, hasFailedNow = false): void {
    const key = keyOf(element);
    const wait = this.waits.get(key);
    element.toggleAttribute('data-waiting', wait === 'waiting');
    element.toggleAttribute('data-silent', wait === 'silent');
    if (wait === 'waiting') element.setAttribute('aria-disabled', 'true');
    else element.removeAttribute('aria-disabled');
    if (element instanceof HTMLSelectElement) {
      const choice = this.choices.get(key);
      if (choice !== undefined) element.value = choice;
      else if (hasFailedNow) element.value = '';
    }
    showNote(element, key, wait === 'silent');
  }
}

function keyOf(element: HTMLElement): string {
  const { actionId = '', blockId = '' } = element.dataset;
  return `${JSON.stringify(surfaceOf(element))}\n${JSON.stringify([blockId, actionId])}`;
}

/** What the element stands in: a view, a message, or one that only the reader sees. */
function surfaceOf(element: HTMLElement): { path: string; where: { channel?: string; ts?: string } } {
  const view = element.closest<HTMLElement>('[data-view-id]')?.dataset.viewId;
  if (view !== undefined) return { path: `views/${view}/`, where: {} };
  const { channel, ts } = element.closest<HTMLElement>('[data-ts]')?.dataset ?? {};
  return { path: '', where: { ...(channel !== undefined && { channel }), ...(ts !== undefined && { ts }) } };
}

/** Slack's warning, in the block of the button. */
function showNote(element: HTMLElement, key: string, isShown: boolean): void {
  const block = element.closest('.kit');
  const note = [...(block?.querySelectorAll<HTMLElement>('.no-answer') ?? [])].find(
    (other) => other.dataset.of === key,
  );
  if (!isShown) note?.remove();
  if (!isShown || note) return;
  const added = document.createElement('p');
  added.className = 'no-answer';
  added.dataset.testid = 'no-answer';
  added.dataset.of = key;
  added.textContent = 'The app did not respond';
  block?.append(added);
}
