import { StoreFolder } from './file-store.js';
import { threadStoreContract } from './thread-store.contract.js';

threadStoreContract('file', async () => {
  const folder = await StoreFolder.make();
  let store = await folder.open();
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await folder.open();
      return store;
    },
    dispose: () => folder.dispose(),
  };
});
