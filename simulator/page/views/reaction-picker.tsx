import type { ReactNode } from 'react';
import type { Names } from './names.js';
import { Text } from './rich-text.js';

/** Those that the app acts on come first. */
const OFFERED = [
  'eyes',
  'white_check_mark',
  'no_bell',
  '+1',
  'tada',
  'fire',
  'raised_hands',
  'heart',
  'thinking_face',
  'mag',
];

/** One for the whole page; the script puts it beside the message. */
export function ReactionPicker({ names }: { names: Names }): ReactNode {
  return (
    <div id="picker" className="picker" data-testid="picker" popover="auto" role="dialog" aria-label="Add a reaction">
      {OFFERED.map((name) => (
        <button key={name} type="button" data-pick={name} aria-label={name.replaceAll('_', ' ')} title={`:${name}:`}>
          <Text text={{ type: 'plain_text', text: `:${name}:` }} names={names} />
        </button>
      ))}
    </div>
  );
}
