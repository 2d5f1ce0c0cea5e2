import type { ReactNode } from 'react';
import { isJsonObject, type JsonObject } from '../../json.js';
import type { Names } from './names.js';
import { Text } from './rich-text.js';

const ASLEEP = 'Buttons do nothing in this simulator yet';

/** An element of a block. Interactive ones are drawn, with all that a click would need, and are disabled. */
export function Element({ element, names }: { element: JsonObject; names: Names }): ReactNode {
  switch (element.type) {
    case 'plain_text':
    case 'mrkdwn':
      return <Text text={element} names={names} />;
    case 'image':
      return <Picture element={element} />;
    case 'button':
      return (
        <button
          type="button"
          className={`action ${element.style === 'primary' || element.style === 'danger' ? element.style : ''}`.trim()}
          data-action-id={attribute(element.action_id)}
          data-value={attribute(element.value)}
          aria-label={attribute(element.accessibility_label)}
          disabled
          title={ASLEEP}
        >
          {isJsonObject(element.text) && <Text text={element.text} names={names} />}
        </button>
      );
    default:
      return (
        <button
          type="button"
          className="action menu"
          data-action-id={attribute(element.action_id)}
          disabled
          title={ASLEEP}
        >
          {isJsonObject(element.placeholder) ? <Text text={element.placeholder} names={names} /> : 'Choose…'}
          <span aria-hidden="true">▾</span>
        </button>
      );
  }
}

/** Pictures would be requests to elsewhere: only their text is shown, with a link. */
function Picture({ element }: { element: JsonObject }): ReactNode {
  const label = attribute(element.alt_text) ?? '';
  const url = attribute(element.image_url);
  if (url === undefined || !/^https?:\/\//i.test(url)) return <span className="picture">🖼 {label}</span>;
  return (
    <a className="picture" href={url} target="_blank" rel="noreferrer noopener">
      🖼 {label === '' ? 'image' : label}
    </a>
  );
}

function attribute(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
