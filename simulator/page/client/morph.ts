/**
 * Makes `old` look like `next`, and keeps every node that is in both: focus, a text being typed, a select that is open
 * and a composed character stay. Nodes are the same when they have the same `data-key`, or stand at the same place.
 */
export function morph(old: Element, next: Element): void {
  copyAttributes(old, next);
  // What stands in it is the reader's.
  if (old instanceof HTMLTextAreaElement) return;
  const chosen = old instanceof HTMLSelectElement ? [...old.selectedOptions].map(({ value }) => value) : undefined;
  morphChildren(old, next);
  if (chosen && old instanceof HTMLSelectElement) choose(old, chosen);
}

function morphChildren(old: Element, next: Element): void {
  const wantedKeys = new Set([...next.childNodes].map(keyOf));
  for (const child of [...old.children]) {
    const key = keyOf(child);
    if (key !== undefined && !wantedKeys.has(key)) child.remove();
  }
  let at = old.firstChild;
  for (const wanted of [...next.childNodes]) {
    const match = findMatch(old, at, wanted);
    if (!match) {
      old.insertBefore(wanted, at);
      continue;
    }
    // Moving a node takes the focus from it; making an unkeyed one again costs nothing.
    while (at && at !== match && keyOf(at) === undefined) at = removed(at);
    if (match === at) at = at.nextSibling;
    else old.insertBefore(match, at);
    if (match instanceof Element && wanted instanceof Element) morph(match, wanted);
    else if (match.nodeValue !== wanted.nodeValue) match.nodeValue = wanted.nodeValue;
  }
  while (at) at = removed(at);
}

function findMatch(parent: Element, at: ChildNode | null, wanted: ChildNode): ChildNode | undefined {
  const key = keyOf(wanted);
  const candidate = key === undefined ? at : [...parent.children].find((child) => keyOf(child) === key);
  return candidate && keyOf(candidate) === key && candidate.nodeName === wanted.nodeName ? candidate : undefined;
}

function removed(node: ChildNode): ChildNode | null {
  const after = node.nextSibling;
  node.remove();
  return after;
}

function keyOf(node: Node): string | undefined {
  return node instanceof Element ? (node.getAttribute('data-key') ?? undefined) : undefined;
}

/** Changing these would change what the reader entered. */
const ENTERED: Readonly<Record<string, readonly string[]>> = {
  INPUT: ['value', 'checked'],
  OPTION: ['selected'],
};

function copyAttributes(old: Element, next: Element): void {
  const kept = ENTERED[old.nodeName] ?? [];
  for (const { name } of [...old.attributes]) {
    if (!next.hasAttribute(name) && !kept.includes(name)) old.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (old.getAttribute(name) !== value && !kept.includes(name)) old.setAttribute(name, value);
  }
}

function choose(select: HTMLSelectElement, values: readonly string[]): void {
  const options = [...select.options];
  if (!options.some(({ value }) => values.includes(value))) return;
  for (const option of options) option.selected = values.includes(option.value);
}
