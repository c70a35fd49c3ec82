import { ask } from './vercel.mjs';

await ask((openai) => openai.chat('toy'));
