import type { ReactNode } from 'react';
import type { MessageContent } from '../../workspace/message.js';
import { AttachmentView } from './attachment-view.js';
import { Blocks } from './blocks.js';
import type { Names } from './names.js';
import { Text } from './rich-text.js';

/** What the sender wrote: the text stands for the blocks where there are none. */
export function Content({ message, names }: { message: MessageContent; names: Names }): ReactNode {
  return (
    <>
      {message.blocks.length > 0 ? (
        <Blocks blocks={message.blocks} names={names} />
      ) : (
        message.text !== '' && <Text text={{ type: 'mrkdwn', text: message.text }} names={names} />
      )}
      {message.attachments.map((attachment) => (
        <AttachmentView key={attachment.id} attachment={attachment} names={names} />
      ))}
    </>
  );
}
