import type { ReactNode } from 'react';
import type { Attachment } from '../../workspace/message.js';
import { Blocks } from './blocks.js';
import type { Names } from './names.js';
import { Text } from './rich-text.js';

const NAMED: Readonly<Record<string, string>> = { good: '#2eb67d', warning: '#ecb22e', danger: '#e01e5a' };

export function AttachmentView({ attachment, names }: { attachment: Attachment; names: Names }): ReactNode {
  const { color = 'dddddd', blocks, text, fallback } = attachment;
  const title = typeof attachment.title === 'string' ? attachment.title : undefined;
  const body = text ?? (title === undefined ? fallback : undefined);
  return (
    <div className="attachment" data-color={color}>
      {/* An SVG's fill is an attribute: a style would need 'unsafe-inline'. */}
      <svg className="bar" aria-hidden="true">
        <rect width="4" height="100%" rx="2" fill={NAMED[color] ?? `#${color}`} />
      </svg>
      <div className="attachment-body">
        {blocks ? (
          <Blocks blocks={blocks} names={names} />
        ) : (
          <>
            {title !== undefined && <strong>{title}</strong>}
            {body !== undefined && <Text text={{ type: 'mrkdwn', text: body }} names={names} />}
          </>
        )}
      </div>
    </div>
  );
}
