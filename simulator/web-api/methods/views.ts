import type { JsonObject } from '../../json.js';
import { MAX_STACK } from '../../workspace/open-views.js';
import type { View } from '../../workspace/view.js';
import { SlackError } from '../answer.js';
import type { Method, MethodContext } from '../method.js';
import { parseView } from '../view-content.js';
import { viewJson } from '../view-json.js';

/** A modal for the person whose trigger_id it is. */
export const openView: Method = ({ args, workspace: { views }, triggers }) => {
  const trigger = triggers.check(args.text('trigger_id'));
  const content = parseView(args.structure('view', 'invalid_arguments'), 'modal', views);
  trigger.isUsed = true;
  return shown(views.open(trigger.user, content));
};

/** On top of the modal that the trigger_id came out of. */
export const pushView: Method = ({ args, workspace: { views }, triggers }) => {
  const trigger = triggers.check(args.text('trigger_id'));
  const content = parseView(args.structure('view', 'invalid_arguments'), 'modal', views);
  const depth = views.stackOf(trigger.user).length;
  if (!trigger.fromView || depth === 0) throw new SlackError('not_found');
  if (depth >= MAX_STACK) throw new SlackError('push_limit_reached');
  trigger.isUsed = true;
  return shown(views.push(trigger.user, content));
};

export const updateView: Method = (context) => {
  const { args, workspace } = context;
  const view = target(context);
  checkHash(view, args.text('hash'));
  const content = parseView(args.structure('view', 'invalid_arguments'), view.type, workspace.views, view);
  return shown(workspace.views.update(view, content));
};

/** A person's home tab. */
export const publishView: Method = ({ args, workspace }) => {
  const user = args.required('user_id');
  if (!workspace.users.has(user)) throw new SlackError('user_not_found');
  const known = workspace.views.homeOf(user);
  const hash = args.text('hash');
  if (known) checkHash(known, hash);
  const content = parseView(args.structure('view', 'invalid_arguments'), 'home', workspace.views, known);
  return shown(workspace.views.publish(user, content));
};

function target({ args, workspace: { views } }: MethodContext): View {
  const id = args.text('view_id');
  const externalId = args.text('external_id');
  if (id === undefined && externalId === undefined) {
    throw new SlackError('invalid_arguments', ['must define one of: view_id, external_id']);
  }
  const view = id === undefined ? views.all().find((other) => other.external_id === externalId) : views.find(id);
  if (!view) throw new SlackError('not_found');
  return view;
}

function checkHash(view: View, hash: string | undefined): void {
  if (hash !== undefined && hash !== view.hash) throw new SlackError('hash_conflict');
}

function shown(view: View): JsonObject {
  return { view: viewJson(view) };
}
