import { randomBytes } from 'node:crypto';
import type { EnteredValues, View, ViewContent } from './view.js';

/** Root included. https://docs.slack.dev/reference/methods/views.push */
export const MAX_STACK = 3;

/** The views that people have before them: a stack of modals and a home tab each. */
export class OpenViews {
  private readonly stacks = new Map<string, View[]>();
  private readonly homes = new Map<string, View>();
  private made = 0;

  constructor(
    private readonly now: () => number,
    /** Called with the person's id after every change of a view of theirs. */
    private readonly changed: (user: string) => void,
  ) {}

  /** From the root up; the last one is the one to be seen. */
  stackOf(user: string): readonly View[] {
    return this.stacks.get(user) ?? [];
  }

  homeOf(user: string): View | undefined {
    return this.homes.get(user);
  }

  all(): View[] {
    return [...[...this.stacks.values()].flat(), ...this.homes.values()];
  }

  find(id: string): View | undefined {
    return this.all().find((view) => view.id === id);
  }

  /** A new root: what the person had open is gone. */
  open(user: string, content: ViewContent): View {
    const view = this.make(user, content, undefined);
    this.stacks.set(user, [view]);
    this.changed(user);
    return view;
  }

  push(user: string, content: ViewContent): View {
    const stack = this.stackOf(user);
    const view = this.make(user, content, stack.at(-1));
    this.stacks.set(user, [...stack, view]);
    this.changed(user);
    return view;
  }

  publish(user: string, content: ViewContent): View {
    const known = this.homes.get(user);
    if (known) return this.update(known, content);
    const view = this.make(user, content, undefined);
    this.homes.set(user, view);
    this.changed(user);
    return view;
  }

  /** What was entered stays where block_id and action_id are still there. */
  update(view: View, content: ViewContent): View {
    Object.assign(view, content);
    view.hash = this.hash();
    this.say(view, {});
    return view;
  }

  enter(view: View, entered: EnteredValues): void {
    view.entered = entered;
    this.touch(view);
  }

  /** Puts the errors, or the notice, before the person. */
  say(view: View, { errors = {}, notice }: { errors?: Record<string, string>; notice?: string }): void {
    view.errors = errors;
    if (notice === undefined) delete view.notice;
    else view.notice = notice;
    this.touch(view);
  }

  /** The view and those above it. */
  close(view: View): void {
    const stack = this.stackOf(view.user);
    const index = stack.indexOf(view);
    if (index < 0) return;
    this.stacks.set(view.user, stack.slice(0, index));
    this.changed(view.user);
  }

  clear(user: string): void {
    this.stacks.delete(user);
    this.changed(user);
  }

  private make(user: string, content: ViewContent, below: View | undefined): View {
    this.made += 1;
    const id = `V0${String(this.made).padStart(8, '0')}`;
    return {
      ...content,
      id,
      user,
      hash: this.hash(),
      rootViewId: below?.rootViewId ?? id,
      previousViewId: below?.id ?? null,
      entered: {},
      errors: {},
      revision: 0,
    };
  }

  private touch(view: View): void {
    view.revision += 1;
    this.changed(view.user);
  }

  private hash(): string {
    return `${Math.floor(this.now() / 1000)}.${randomBytes(4).toString('hex')}`;
  }
}
