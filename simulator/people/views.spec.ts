import { ALERTS, ALICE } from '../spec-support.js';
import { TROUBLE } from './submission.js';
import { input, modal, ModalApp, plain } from './view-spec-support.js';

let app: ModalApp;
beforeEach(async () => {
  app = new ModalApp();
  await app.start();
});
afterEach(() => app.simulator.close());

describe('a submission', () => {
  it('brings what was entered, and closes the view', async () => {
    const view = await app.opens();
    const { hash } = view;
    const outcome = await app.alice.submits(view, { action_taken: { action_input: 'restarted it' } });
    expect(outcome).toMatchObject({ acknowledged: true });
    expect(app.received.at(-1)).toMatchObject({ accepts_response_payload: true });
    expect(app.last).toMatchObject({
      type: 'view_submission',
      user: { id: ALICE },
      trigger_id: expect.any(String),
      response_urls: [],
      view: {
        id: view.id,
        hash,
        callback_id: 'incident_resolve',
        private_metadata: 'INC-1',
        root_view_id: view.id,
        state: {
          values: {
            action_taken: { action_input: { type: 'plain_text_input', value: 'restarted it' } },
            root_cause: { root_cause_input: { type: 'plain_text_input', value: null } },
          },
        },
      },
    });
    expect(app.last).not.toHaveProperty('container');
    expect(app.alice.views).toEqual([]);
    await expect(app.alice.submits(view)).rejects.toThrow('is not open');
  });

  it('keeps the view with the errors of the answer, and what was entered', async () => {
    const view = await app.opens();
    app.answers = [{ response_action: 'errors', errors: { root_cause: 'too vague' } }, {}];
    await app.alice.submits(view, { root_cause: { root_cause_input: 'it broke' } });
    expect(app.alice.views).toMatchObject([{ errors: { root_cause: 'too vague' } }]);
    await app.alice.submits(view, { action_taken: { action_input: 'fixed' } });
    expect(app.last.view.state.values).toMatchObject({
      action_taken: { action_input: { value: 'fixed' } },
      root_cause: { root_cause_input: { value: 'it broke' } },
    });
    expect(app.alice.views).toEqual([]);
  });

  it('is followed by an update, a push, or the end of all', async () => {
    const view = await app.opens();
    app.answers = [
      { response_action: 'update', view: modal({ title: plain('Sure?') }) },
      { response_action: 'push', view: modal({ title: plain('Second') }) },
      { response_action: 'clear' },
    ];
    await app.alice.submits(view);
    expect(app.alice.views).toMatchObject([{ id: view.id, title: { text: 'Sure?' } }]);
    await app.alice.submits(view);
    expect(app.alice.views).toMatchObject([{ id: view.id }, { title: { text: 'Second' }, previousViewId: view.id }]);
    await expect(app.alice.submits(view)).rejects.toThrow('not the one on top');
    await app.alice.submits(app.top);
    expect(app.alice.views).toEqual([]);
  });

  it.each([
    ['no answer in time', undefined, undefined],
    ['an unknown action', { response_action: 'dance' }, 'unknown response_action: dance'],
    ['an error for no block', { response_action: 'errors', errors: { nowhere: 'x' } }, 'which is no input block'],
    [
      'a view that Slack refuses',
      { response_action: 'update', view: { type: 'modal' } },
      'missing required field: title',
    ],
  ])('stays with a notice after %s', async (_, answer, problem) => {
    const view = await app.opens();
    app.answers = [answer];
    const outcome = await app.alice.submits(view, { root_cause: { root_cause_input: 'x' } });
    expect(outcome.acknowledged).toBe(answer !== undefined);
    if (problem === undefined) expect(outcome.problem).toBeUndefined();
    else expect(outcome.problem).toContain(problem);
    expect(app.alice.views).toMatchObject([
      { notice: TROUBLE, entered: { root_cause: { root_cause_input: { value: 'x' } } } },
    ]);
  });

  it('is held back by what Slack checks before', async () => {
    const limits = { min_length: 2, max_length: 4 };
    const select = { type: 'static_select', options: [{ text: plain('One'), value: '1' }] };
    const view = await app.opens(
      modal({
        blocks: [
          input('must', 'text', {}, limits),
          { ...input('choice', 'pick', { optional: true }), element: { ...select, action_id: 'pick' } },
        ],
      }),
    );
    const submits = (must: string | null, pick: string | null = null) =>
      app.alice.submits(view, { must: { text: must }, choice: { pick } });
    const asked = app.received.length;
    await expect(submits(null)).rejects.toThrow('must must be filled in');
    await expect(submits('')).rejects.toThrow('must must be filled in');
    await expect(submits('x')).rejects.toThrow('needs 2 characters');
    await expect(submits('xxxxx')).rejects.toThrow('takes 4 characters');
    await expect(submits('xxx', '2')).rejects.toThrow('there is no option 2');
    await expect(app.alice.submits(view, { nowhere: { text: 'x' } })).rejects.toThrow('no block nowhere');
    await expect(app.alice.submits(view, { must: { nothing: 'x' } })).rejects.toThrow('no element nothing');
    expect(app.received).toHaveLength(asked);
    await submits('xxx', '1');
    expect(app.last.view.state.values.choice.pick).toMatchObject({ selected_option: { value: '1' } });
  });
});

describe('within a view', () => {
  it('a click brings the view and what was entered so far', async () => {
    const view = await app.opens();
    await app.alice.clicks(view, 'preview');
    const body: unknown = app.last;
    expect(body).toMatchObject({
      type: 'block_actions',
      container: { type: 'view', view_id: view.id },
      view: { id: view.id, state: { values: { action_taken: expect.any(Object) } } },
      actions: [{ action_id: 'preview', block_id: 'more' }],
    });
    for (const field of ['message', 'channel', 'response_url']) expect(body).not.toHaveProperty(field);
  });

  it('closing is told only when the app asked for it', async () => {
    await app.opens();
    const asked = app.received.length;
    expect(await app.alice.closes(app.top)).toBeUndefined();
    expect(app.received).toHaveLength(asked);
    const view = await app.opens(modal({ notify_on_close: true }));
    expect(await app.alice.closes(view)).toMatchObject({ acknowledged: true });
    expect(app.last).toMatchObject({ type: 'view_closed', view: { id: view.id }, is_cleared: false });
    expect(app.alice.views).toEqual([]);
  });
});

it('tells listeners whose view changed', async () => {
  const changes: unknown[] = [];
  app.simulator.workspace.onChange(({ kind, user }) => {
    if (kind === 'view') changes.push(user);
  });
  const view = await app.opens();
  await app.alice.closes(view);
  expect(changes).toEqual([ALICE, ALICE]);
  expect(app.simulator.workspace.messages(ALERTS)).toHaveLength(1);
});
