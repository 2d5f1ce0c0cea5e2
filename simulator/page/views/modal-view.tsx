import type { ReactNode } from 'react';
import { stateValues } from '../../block-kit/entered.js';
import type { View } from '../../workspace/view.js';
import { AppAvatar } from './avatar.js';
import { Blocks } from './blocks.js';
import type { Names } from './names.js';
import { textLine } from './text-line.js';
import type { ViewFacts } from './view-facts.js';

/** A modal, for a <dialog>. */
export function ModalView({ view, names }: { view: View; names: Names }): ReactNode {
  const title = textLine(view.title, names);
  const submit = textLine(view.submit, names);
  const close = textLine(view.close, names);
  const isPushed = view.previousViewId !== null;
  return (
    <form
      className="view"
      data-testid="view"
      data-key={view.id}
      data-view-id={view.id}
      aria-labelledby={`${view.id}-title`}
      noValidate
    >
      <header className="view-head">
        <AppAvatar small />
        <h2 id={`${view.id}-title`} data-testid="view-title" tabIndex={-1}>
          {title}
        </h2>
        <button type="button" className="icon" data-close="" data-testid="view-x">
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d={isPushed ? 'M12.5 4.5 7 10l5.5 5.5' : 'm5 5 10 10M15 5 5 15'} />
          </svg>
          <span className="hidden-label">{isPushed ? 'Back' : 'Close'}</span>
        </button>
      </header>
      <div className="view-body">
        <p className="notice" data-testid="view-notice" role="alert" data-key=" notice" hidden={!view.notice}>
          {view.notice}
        </p>
        <Blocks blocks={view.blocks} names={names} view={factsOf(view)} />
      </div>
      <footer className="view-foot">
        <button type="button" className="action" data-close="" data-testid="view-close">
          {close === '' ? (view.submit ? 'Cancel' : 'Close') : close}
        </button>
        {view.submit && (
          <button
            type="submit"
            className="action primary is-filled"
            data-testid="view-submit"
            data-key=" submit"
            disabled={view.submit_disabled}
          >
            {submit}
          </button>
        )}
      </footer>
    </form>
  );
}

/** What the app shows of itself to one person. */
export function HomeView({ view, names }: { view: View; names: Names }): ReactNode {
  return (
    <div className="home-view" data-key={view.id} data-view-id={view.id}>
      <Blocks blocks={view.blocks} names={names} view={factsOf(view)} />
    </div>
  );
}

function factsOf({ id, blocks, entered, errors }: View): ViewFacts {
  return { values: stateValues(blocks, entered), errors, prefix: id };
}
