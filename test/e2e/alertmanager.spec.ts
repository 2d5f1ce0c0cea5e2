import { ensureAlertmanager } from '../support/alertmanager.js';
import { INSTALL_TIMEOUT_MS } from '../support/debian-package.js';
import { tellAlertmanagerStory } from './alertmanager.story.js';

describe("Debian's Alertmanager with config/alertmanager.example.yml", () => {
  tellAlertmanagerStory(ensureAlertmanager, INSTALL_TIMEOUT_MS);
});
