/** `node bench/start.js PART`: runs bench/parts/PART.ts. */
import { pathToFileURL } from 'node:url';
import { bundle } from './bundle.js';

const [part = ''] = process.argv.slice(2);
await import(pathToFileURL(await bundle(`bench/parts/${part}.ts`)).href);
