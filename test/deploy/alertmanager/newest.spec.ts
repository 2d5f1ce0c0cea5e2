import { tellAlertmanagerStory } from '../../e2e/alertmanager.story.js';
import { tellSilenceStory } from '../../e2e/silence.story.js';
import { GO_INSTALL_TIMEOUT_MS } from '../support/go-tool.js';
import { ensureNewestAlertmanager } from './newest-alertmanager.js';

describe('the newest Alertmanager', () => {
  describe('with config/alertmanager.example.yml', () => {
    tellAlertmanagerStory(ensureNewestAlertmanager, GO_INSTALL_TIMEOUT_MS);
  });

  describe('and people who silence from Slack', () => {
    tellSilenceStory(ensureNewestAlertmanager, GO_INSTALL_TIMEOUT_MS);
  });
});
