import { ensureAlertmanager } from '../support/alertmanager.js';
import { INSTALL_TIMEOUT_MS } from '../support/debian-package.js';
import { tellSilenceStory } from './silence.story.js';

describe("people silence from Slack, in Debian's Alertmanager", () => {
  tellSilenceStory(ensureAlertmanager, INSTALL_TIMEOUT_MS);
});
