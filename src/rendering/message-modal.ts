import type { ModalView } from '@slack/types';
import { plainText, sections } from './blocks.js';
import { modalTitle } from './modal-parts.js';

/** A refusal that a person reads in place of a form. `text`: safe mrkdwn, such as a whisper. */
export const noticeModal = (title: string, text: string): ModalView => {
  const blocks = sections(text.split('\n'));
  return {
    type: 'modal',
    title: modalTitle(title),
    close: plainText('Close'),
    blocks: blocks.length > 0 ? blocks : sections(['That did not work. Please try again.']),
  };
};
