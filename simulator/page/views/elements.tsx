import type { ReactNode } from 'react';
import { isJsonObject, type JsonObject } from '../../json.js';
import { Choices, Select } from './choices.js';
import type { ElementProps } from './element-props.js';
import { Text } from './rich-text.js';

/** An element of a block. Those that a person can act on carry what the click needs to be found again. */
export function Element(props: ElementProps): ReactNode {
  const { element, names } = props;
  switch (element.type) {
    case 'plain_text':
    case 'mrkdwn':
      return <Text text={element} names={names} />;
    case 'image':
      return <Picture element={element} />;
    case 'button':
      return <Button {...props} />;
    case 'static_select':
    case 'overflow':
    case 'users_select':
      return <Select {...props} />;
    case 'radio_buttons':
      return <Choices {...props} />;
    default:
      return (
        <button type="button" className="action" disabled title="This simulator draws it, and no more">
          {isJsonObject(element.placeholder) ? <Text text={element.placeholder} names={names} /> : String(element.type)}
        </button>
      );
  }
}

/** One with a url is a link as well: Slack opens it and tells the app. */
function Button({ element, names, blockId }: ElementProps): ReactNode {
  const style = element.style === 'primary' || element.style === 'danger' ? element.style : '';
  const url = attribute(element.url);
  const actionId = attribute(element.action_id);
  const facts = {
    className: `action ${style}`.trim(),
    'data-testid': 'action',
    'data-action-id': actionId,
    'data-block-id': blockId,
    'data-key': actionId,
    'data-value': attribute(element.value),
    'aria-label': attribute(element.accessibility_label),
  };
  const text = isJsonObject(element.text) && <Text text={element.text} names={names} />;
  if (url === undefined || !/^https?:\/\//i.test(url)) {
    return (
      <button type="button" {...facts}>
        {text}
      </button>
    );
  }
  return (
    <a {...facts} href={url} target="_blank" rel="noreferrer noopener">
      {text}
    </a>
  );
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
