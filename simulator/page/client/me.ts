import { byId } from './dom.js';

const KEPT = 'you are';

/** Who is looking. Each tab has its own person; a new one begins with the last that was chosen anywhere. */
export class Me {
  private readonly select = byId('you-are') as HTMLSelectElement;
  private readonly options = [...this.select.options];

  constructor(changed: () => void) {
    const asked = new URL(location.href).searchParams.get('as');
    const wanted = [asked, sessionStorage.getItem(KEPT), localStorage.getItem(KEPT)];
    const found = wanted.map((name) =>
      this.options.find(({ value, dataset }) => [value, dataset.name].includes(name ?? '')),
    );
    this.select.value = found.find(Boolean)?.value ?? this.options[0]?.value ?? '';
    this.show();
    this.select.addEventListener('change', () => {
      localStorage.setItem(KEPT, this.id);
      this.show();
      changed();
    });
  }

  get id(): string {
    return this.select.value;
  }

  /** As the reader is told: "You" for themselves. */
  nameOf(id: string): string {
    if (id === this.id) return 'You';
    return this.options.find(({ value }) => value === id)?.text ?? 'Alert Threader';
  }

  private show(): void {
    sessionStorage.setItem(KEPT, this.id);
    for (const face of document.querySelectorAll<HTMLElement>('[data-face]'))
      face.hidden = face.dataset.face !== this.id;
    const url = new URL(location.href);
    if (!url.searchParams.has('as')) return;
    url.searchParams.set('as', this.select.selectedOptions[0]?.dataset.name ?? this.id);
    history.replaceState(null, '', url);
  }
}
