const NAME = /^[\p{L}\p{N}_+'-]{1,100}(::skin-tone-[2-6])?$/u;

/** Without the colons. Undefined when no emoji could have this name. */
export function parseEmojiName(given: string): string | undefined {
  const name = given.replaceAll(/^:|:$/g, '');
  return NAME.test(name) ? name : undefined;
}

export function emojiName(given: string): string {
  const name = parseEmojiName(given);
  if (name === undefined) throw new Error(`${given} is no name of an emoji`);
  return name;
}
