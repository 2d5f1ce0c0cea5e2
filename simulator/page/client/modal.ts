import { act } from './control.js';
import { byId, toElement } from './dom.js';
import { checkForm, countLeft, showFault, valuesOf } from './form-values.js';
import { morph } from './morph.js';
import type { Toasts } from './toasts.js';

export interface ModalNews {
  id: string;
  html: string;
}

/** Within this the page hears what the app's answer changed: a press before that could meet a view that is gone. */
const SETTLE_MS = 150;

/** The stack of modals of the person who looks; the one on top is shown, those below keep what was typed. */
export class Modal {
  private readonly dialog = byId('modal') as HTMLDialogElement;
  /** The view whose submission is on its way. */
  private submitting: string | undefined;
  private looksForErrors = false;
  private settled: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly person: () => string,
    private readonly dress: (root: HTMLElement) => void,
    private readonly toasts: Toasts,
  ) {
    this.dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      void this.leave();
    });
    // A browser closes it on the second Escape, whatever the page says.
    this.dialog.addEventListener('close', () => {
      void this.leave();
    });
    this.dialog.addEventListener('click', ({ target }) => {
      if (target instanceof Element && target.closest('[data-close]')) void this.leave();
    });
    this.dialog.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.submit();
    });
    this.dialog.addEventListener('input', ({ target }) => {
      const field = target instanceof Element ? target.closest<HTMLElement>('.field') : null;
      if (field) showFault(field, '');
      countLeft(this.dialog);
    });
  }

  receive(modals: readonly ModalNews[]): void {
    const before = this.top;
    for (const form of this.forms) if (!modals.some(({ id }) => id === form.dataset.viewId)) form.remove();
    for (const { id, html } of modals) {
      const known = this.forms.find((form) => form.dataset.viewId === id);
      const drawn = toElement(html);
      if (known) morph(known, drawn);
      else this.dialog.append(drawn);
    }
    const { top } = this;
    for (const form of this.forms) form.hidden = form !== top;
    this.redraw();
    this.openOrClose();
    if (top && top !== before) focusFirst(top);
    else if (top && this.looksForErrors) this.focusError(top);
  }

  private get forms(): HTMLFormElement[] {
    return [...this.dialog.querySelectorAll('form')];
  }

  private get top(): HTMLFormElement | undefined {
    return this.forms.at(-1);
  }

  private openOrClose(): void {
    const { top } = this;
    if (top) this.dialog.setAttribute('aria-labelledby', top.getAttribute('aria-labelledby') ?? '');
    if (top && !this.dialog.open) {
      this.dialog.showModal();
      this.toasts.moveTo(this.dialog);
    } else if (!top) {
      this.toasts.moveTo(this.dialog.parentElement ?? document.body);
      if (!this.dialog.open) return;
      this.dialog.close();
      // What had opened it is not there any more.
      if (document.activeElement === document.body) byId('messages').focus({ preventScroll: true });
    }
  }

  private redraw(): void {
    this.dress(this.dialog);
    countLeft(this.dialog);
    for (const form of this.forms) {
      const isWaiting = form.dataset.viewId === this.submitting;
      form.querySelector('[type="submit"]')?.toggleAttribute('data-waiting', isWaiting);
    }
  }

  private focusError(form: HTMLFormElement): void {
    const control = form.querySelector<HTMLElement>('.has-error [data-field]');
    if (!control) return;
    this.looksForErrors = false;
    control.focus();
  }

  private async submit(): Promise<void> {
    const form = this.top;
    await this.settled;
    const id = form?.dataset.viewId;
    if (!form || form !== this.top || id === undefined || this.submitting !== undefined) return;
    this.looksForErrors = true;
    if (!checkForm(form)) {
      this.focusError(form);
      return;
    }
    this.submitting = id;
    this.redraw();
    const outcome = await act(this.person(), `views/${id}/submit`, { values: valuesOf(form) });
    if (!outcome.ok) this.toasts.show(outcome.error ?? 'That did not work.');
    this.submitting = undefined;
    this.redraw();
    this.settled = new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }

  /** Takes the one on top away, as the app then hears; what is shown follows. */
  private async leave(): Promise<void> {
    const { top } = this;
    const id = top?.dataset.viewId;
    if (!top || id === undefined || top.dataset.leaving !== undefined) return;
    top.dataset.leaving = '';
    const outcome = await act(this.person(), `views/${id}/close`);
    if (outcome.ok) return;
    delete top.dataset.leaving;
    this.toasts.show(outcome.error ?? 'That did not work.');
    this.openOrClose();
  }
}

function focusFirst(form: HTMLFormElement): void {
  const control = form.querySelector<HTMLElement>('[data-field]:not(.choices), [data-field] input');
  (control ?? form.querySelector<HTMLElement>('h2'))?.focus();
}
