import type { ReactNode } from 'react';
import { isJsonObject, type JsonObject } from '../../json.js';
import type { Block } from '../../workspace/message.js';
import { Element } from './elements.js';
import type { Names } from './names.js';
import { LibraryBlock, Text } from './rich-text.js';

/**
 * Layout is drawn here, text by the library. Its own section, header and actions take plain_text for Markdown and
 * drop what the next step, clicking, needs: a button's value.
 */
export function Blocks({ blocks, names }: { blocks: readonly Block[]; names: Names }): ReactNode {
  return blocks.map((block, index) => (
    <div key={index} className={`kit kit-${block.type}`} data-block-id={block.block_id}>
      <BlockBody block={block} names={names} />
    </div>
  ));
}

function BlockBody({ block, names }: { block: Block; names: Names }): ReactNode {
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
          {isJsonObject(block.accessory) && <Element element={block.accessory} names={names} />}
        </>
      );
    case 'context':
      return objects(block.elements).map((element, index) => <Element key={index} element={element} names={names} />);
    case 'actions':
      return objects(block.elements).map((element, index) => <Element key={index} element={element} names={names} />);
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
          <Element element={block} names={names} />
        </figure>
      );
    default:
      return <LibraryBlock block={block} names={names} />;
  }
}

function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
