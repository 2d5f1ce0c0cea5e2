import { modal, ModalApp, plain } from '../people/view-spec-support.js';
import { ALICE, BOB, refusal, refusalCode } from '../spec-support.js';

let app: ModalApp;
beforeEach(async () => {
  app = new ModalApp();
  await app.start();
});
afterEach(() => app.simulator.close());

describe('views.open', () => {
  it('shows the view to the person whose trigger it is', async () => {
    const answer = await app.call('views.open', { trigger_id: await app.trigger(), view: modal() });
    expect(answer).toMatchObject({
      view: {
        id: expect.stringMatching(/^V[A-Z0-9]+$/),
        team_id: 'T0SIMULATE',
        type: 'modal',
        callback_id: 'incident_resolve',
        private_metadata: 'INC-1',
        external_id: '',
        hash: expect.any(String),
        state: { values: { action_taken: { action_input: { type: 'plain_text_input', value: null } } } },
        previous_view_id: null,
        app_id: 'A0THREADER',
        bot_id: 'B0THREADER',
      },
    });
    expect(app.alice.views).toMatchObject([{ callback_id: 'incident_resolve' }]);
    expect(app.simulator.person(BOB).views).toEqual([]);
    expect(app.simulator.calls.at(-1)).toMatchObject({ args: { view: { type: 'modal' } }, unknownArguments: [] });
  });

  it('wants a trigger_id that is known, fresh and unused', async () => {
    const view = modal();
    expect(await refusalCode(app.call('views.open', { view, trigger_id: '1.2.abc' }))).toBe('invalid_trigger_id');
    const first = await app.trigger();
    await refusal(app.call('views.open', { trigger_id: first, view: {} }));
    await app.call('views.open', { trigger_id: first, view });
    expect(await refusalCode(app.call('views.open', { trigger_id: first, view }))).toBe('exchanged_trigger_id');
    const late = await app.trigger();
    app.clock = 3001;
    expect(await refusalCode(app.call('views.open', { trigger_id: late, view }))).toBe('expired_trigger_id');
  });

  it('wants an external_id of its own, and no more than 250 kB', async () => {
    await app.opens(modal({ external_id: 'mine' }));
    const second = app.call('views.open', { trigger_id: await app.trigger(), view: modal({ external_id: 'mine' }) });
    expect(await refusalCode(second)).toBe('duplicate_external_id');
    const large = modal({
      blocks: Array.from({ length: 90 }, () => ({ type: 'section', text: plain('x'.repeat(2900)) })),
    });
    expect(await refusalCode(app.call('views.open', { trigger_id: await app.trigger(), view: large }))).toBe(
      'view_too_large',
    );
  });
});

describe('views.update and views.push', () => {
  it('updates by id or external_id, unless somebody else did before', async () => {
    const view = await app.opens(modal({ external_id: 'mine' }));
    const { hash } = view;
    await app.call('views.update', { view_id: view.id, hash, view: modal({ title: plain('One') }) });
    expect(app.top).toMatchObject({ title: { text: 'One' }, external_id: '' });
    expect(await refusalCode(app.call('views.update', { view_id: view.id, hash, view: modal() }))).toBe(
      'hash_conflict',
    );
    expect(await refusalCode(app.call('views.update', { external_id: 'mine', view: modal() }))).toBe('not_found');
    expect(await refusalCode(app.call('views.update', { view: modal() }))).toBe('invalid_arguments');
    await app.alice.closes(view);
    expect(await refusalCode(app.call('views.update', { view_id: view.id, view: modal() }))).toBe('not_found');
  });

  it('pushes up to three, from an interaction in the modal', async () => {
    await app.opens();
    const outside = app.call('views.push', { trigger_id: await app.trigger(), view: modal() });
    expect(await refusalCode(outside)).toBe('not_found');
    const push = async () => {
      await app.alice.clicks(app.top, 'preview');
      return app.call('views.push', { trigger_id: app.last.trigger_id, view: modal() });
    };
    await push();
    await push();
    expect(app.alice.views.map(({ previousViewId }) => previousViewId)).toEqual([
      null,
      app.alice.views[0]?.id,
      app.alice.views[1]?.id,
    ]);
    expect(app.top.rootViewId).toBe(app.alice.views[0]?.id);
    expect(await refusalCode(push())).toBe('push_limit_reached');
  });
});

describe('the home tab', () => {
  it('is published, and opening it is an event', async () => {
    await app.alice.opensHome();
    expect(app.last.event).toMatchObject({ type: 'app_home_opened', user: ALICE, tab: 'home' });
    const view = {
      type: 'home',
      blocks: [{ type: 'actions', elements: [{ type: 'button', action_id: 'go', text: plain('Go') }] }],
    };
    await app.call('views.publish', { user_id: ALICE, view });
    expect(app.alice.home).toMatchObject({ type: 'home' });
    const { home } = app.alice;
    if (!home) throw new Error('there is no home');
    await app.alice.clicks(home, 'go');
    expect(app.last.view).toMatchObject({ type: 'home' });
    expect(await refusalCode(app.call('views.publish', { user_id: ALICE, hash: 'old', view }))).toBe('hash_conflict');
    expect(await refusalCode(app.call('views.publish', { user_id: 'U0NOBODY', view }))).toBe('user_not_found');
    expect(await refusalCode(app.call('views.publish', { user_id: ALICE, view: modal() }))).toBe('invalid_arguments');
  });
});
