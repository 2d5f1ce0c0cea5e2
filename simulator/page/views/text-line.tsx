import { renderToStaticMarkup } from 'react-dom/server';
import { isJsonObject } from '../../json.js';
import type { Names } from './names.js';
import { Text } from './rich-text.js';

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#x27;': "'",
};

/** A text object for a place that takes no markup, such as an option or a placeholder: what one would read of it. */
export function textLine(text: unknown, names: Names): string {
  if (!isJsonObject(text)) return '';
  const html = renderToStaticMarkup(<Text text={text} names={names} />);
  return html
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => ENTITIES[entity] ?? entity)
    .trim();
}
