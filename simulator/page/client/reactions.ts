import { act } from './control.js';
import type { Me } from './me.js';
import type { Picker } from './picker.js';

const LIST = new Intl.ListFormat('en');

/** Marks the reader's own reactions, and says whose the others are. */
export function dressReactions(root: ParentNode, me: Me): void {
  for (const pill of root.querySelectorAll<HTMLElement>('.reaction[data-reaction]')) {
    const users = usersOf(pill);
    const mine = users.includes(me.id);
    const names = LIST.format([...users].sort((id) => (id === me.id ? -1 : 0)).map((id) => me.nameOf(id)));
    const text = `${names} reacted with :${pill.dataset.reaction ?? ''}:`;
    pill.setAttribute('aria-pressed', String(mine));
    pill.setAttribute('aria-label', `${users.length}: ${text}`);
    pill.title = text;
  }
}

/** A pill adds or takes back; the button beside them offers others. */
export function listenForReactions(me: Me, picker: Picker, failed: (text: string) => void): void {
  const react = async (message: HTMLElement, name: string, isAdded: boolean): Promise<void> => {
    const { channel, ts } = message.dataset;
    const outcome = await act(me.id, isAdded ? 'react' : 'unreact', { channel, ts, name });
    if (!outcome.ok) failed(outcome.error ?? 'That did not work.');
  };
  document.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>('button.reaction') : null;
    const message = button?.closest<HTMLElement>('[data-ts]');
    if (!button || !message) return;
    const name = button.dataset.reaction;
    if (name !== undefined) void react(message, name, toggle(button, me));
    else
      picker.open(button, (picked) => {
        const pill = message.querySelector<HTMLElement>(`[data-reaction="${CSS.escape(picked)}"]`);
        // Picking what is there already is no taking back.
        if (!pill || !usersOf(pill).includes(me.id)) void react(message, picked, true);
      });
  });
}

/** At once, so that a second click means the opposite. True when it is added. */
function toggle(pill: HTMLElement, me: Me): boolean {
  const users = usersOf(pill);
  const isAdded = !users.includes(me.id);
  const left = isAdded ? [...users, me.id] : users.filter((id) => id !== me.id);
  pill.dataset.users = left.join(' ');
  const count = pill.querySelector('.reaction-count');
  if (count) count.textContent = String(left.length);
  if (pill.parentElement) dressReactions(pill.parentElement, me);
  return isAdded;
}

function usersOf({ dataset }: HTMLElement): string[] {
  return (dataset.users ?? '').split(' ').filter(Boolean);
}
