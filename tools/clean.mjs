// Removes a build's folder first, so that files whose source is gone do not stay.
import { rmSync } from 'node:fs';

for (const folder of process.argv.slice(2)) rmSync(folder, { recursive: true, force: true });
