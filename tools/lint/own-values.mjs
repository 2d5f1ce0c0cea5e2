import ts from 'typescript';

/** Whether a value of this type may be any text, and not only one of the names that our code knows. */
const isAnyText = (type) => {
  if (type.isUnionOrIntersection()) return type.types.some(isAnyText);
  return (type.flags & (ts.TypeFlags.String | ts.TypeFlags.TemplateLiteral | ts.TypeFlags.Any)) !== 0;
};

/** Forbids `object[name]` with a name that may be any text: `toString` and `__proto__` are found in every object. */
const byName = {
  meta: {
    type: 'problem',
    schema: [],
    messages: { byName: 'a name from outside may be `toString`: use ownValue of src/domain, a Map, or Object.entries' },
  },
  create: (context) => {
    const check = (node, name) => {
      const type = context.sourceCode.parserServices.getTypeAtLocation(name);
      if (isAnyText(type)) context.report({ node, messageId: 'byName' });
    };
    return {
      'MemberExpression[computed=true]': (node) => check(node, node.property),
      'ObjectPattern > Property[computed=true]': (node) => check(node, node.key),
    };
  },
};

export default { rules: { 'by-name': byName } };
