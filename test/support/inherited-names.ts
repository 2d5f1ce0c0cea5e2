/** Names that every object has: valid names and values of labels and annotations all the same. */
export const INHERITED_NAMES = Object.getOwnPropertyNames(Object.prototype);
