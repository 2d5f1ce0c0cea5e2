import base from './jest.config.mjs';

/** `npm run test:deploy`: what is installed (chart, container, plain host, monitoring), with tools that take minutes to get. */
export default {
  ...base,
  testPathIgnorePatterns: ['/node_modules/'],
  roots: ['<rootDir>/test/deploy'],
};
