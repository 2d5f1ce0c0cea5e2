import type { ReactNode } from 'react';
import { isJsonObject, type JsonObject } from '../../json.js';
import type { Block } from '../../workspace/message.js';
import { Element } from './elements.js';
import { InputBlock } from './input-block.js';
import type { Names } from './names.js';
import { LibraryBlock, Text } from './rich-text.js';
import type { ViewFacts } from './view-facts.js';

interface BlocksProps {
  blocks: readonly Block[];
  names: Names;
  /** Missing in a message. */
  view?: ViewFacts;
}

/**
 * Layout is drawn here, text by the library. Its own section, header and actions take plain_text for Markdown and
 * drop what a click needs: a button's value.
 */
export function Blocks({ blocks, names, view }: BlocksProps): ReactNode {
  return blocks.map((block, index) => (
    <div key={index} className={`kit kit-${block.type}`} data-key={block.block_id} data-block-id={block.block_id}>
      {block.type === 'input' && view ? (
        <InputBlock block={block} names={names} view={view} index={index} />
      ) : (
        <BlockBody block={block} names={names} view={view} />
      )}
    </div>
  ));
}

function BlockBody({ block, names, view }: { block: Block; names: Names; view: ViewFacts | undefined }): ReactNode {
  const element = (given: JsonObject, index?: number): ReactNode => (
    <Element key={index} element={given} names={names} blockId={block.block_id} view={view} />
  );
  switch (block.type) {
    case 'header':
      return <h3>{isJsonObject(block.text) && <Text text={block.text} names={names} />}</h3>;
    case 'section':
      return (
        <>
          <div className="section-main">
            {isJsonObject(block.text) && <Text text={block.text} names={names} />}
            {Array.isArray(block.fields) && (
              <div className="fields">
                {objects(block.fields).map((field, index) => (
                  <div key={index} className="field">
                    <Text text={field} names={names} />
                  </div>
                ))}
              </div>
            )}
          </div>
          {isJsonObject(block.accessory) && element(block.accessory)}
        </>
      );
    case 'context':
    case 'actions':
      return objects(block.elements).map(element);
    case 'divider':
      return <hr />;
    case 'image':
      return (
        <figure>
          {isJsonObject(block.title) && (
            <figcaption>
              <Text text={block.title} names={names} />
            </figcaption>
          )}
          {element(block)}
        </figure>
      );
    default:
      return <LibraryBlock block={block} names={names} />;
  }
}

function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
