import { stateValues } from '../block-kit/entered.js';
import type { JsonObject } from '../json.js';
import { BOT, TEAM } from '../workspace/user.js';
import type { View } from '../workspace/view.js';

/** A view as Slack's answers and payloads show it, with what was entered so far. */
export function viewJson(view: View): JsonObject {
  return {
    id: view.id,
    team_id: TEAM.id,
    type: view.type,
    blocks: view.blocks,
    private_metadata: view.private_metadata,
    callback_id: view.callback_id,
    state: { values: stateValues(view.blocks, view.entered) },
    hash: view.hash,
    title: view.title ?? null,
    clear_on_close: view.clear_on_close,
    notify_on_close: view.notify_on_close,
    close: view.close ?? null,
    submit: view.submit ?? null,
    previous_view_id: view.previousViewId,
    root_view_id: view.rootViewId,
    app_id: BOT.app,
    external_id: view.external_id,
    app_installed_team_id: TEAM.id,
    bot_id: BOT.bot,
  };
}
