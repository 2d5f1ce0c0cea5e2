import type { ReactNode } from 'react';
import { tsMillis } from '../../workspace/timestamps.js';

interface MessageHeadProps {
  author: string;
  isApp: boolean;
  ts: string;
}

export function MessageHead({ author, isApp, ts }: MessageHeadProps): ReactNode {
  const date = new Date(tsMillis(ts));
  return (
    <div className="message-head">
      <span className="author">{author}</span>
      {isApp && <span className="badge">APP</span>}
      <time dateTime={date.toISOString()} data-clock="">
        {date.toISOString().slice(11, 16)}
      </time>
    </div>
  );
}
