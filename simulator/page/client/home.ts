import { act } from './control.js';
import { byId, toElement } from './dom.js';
import { morph } from './morph.js';

/** The app's home tab, as the app published it for the person who looks. */
export class Home {
  private readonly view = byId('home-view');

  constructor(
    private readonly person: () => string,
    private readonly dress: (root: HTMLElement) => void,
  ) {}

  receive(html: string | null): void {
    byId('home-empty').hidden = html !== null;
    const old = this.view.firstElementChild;
    if (html === null) this.view.replaceChildren();
    else if (old) morph(old, toElement(html));
    else this.view.append(toElement(html));
    this.dress(this.view);
  }

  show(isHome: boolean): void {
    byId('home').hidden = !isHome;
    byId('messages').hidden = isHome;
    if (isHome) byId('home-link').setAttribute('aria-current', 'page');
    else byId('home-link').removeAttribute('aria-current');
  }

  /** The app hears of it. */
  opened(): void {
    void act(this.person(), 'home');
  }
}
