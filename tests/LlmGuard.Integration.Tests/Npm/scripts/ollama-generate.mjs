import { Ollama } from 'ollama';
import { report } from './report.mjs';

await report(async ({ url, prompt, stream }) => {
  const client = new Ollama({ host: url });
  if (!stream) {
    const answer = await client.generate({ model: 'toy', prompt, stream: false });
    return { text: answer.response, finish: answer.done_reason };
  }
  let text = '';
  let finish = null;
  for await (const line of await client.generate({ model: 'toy', prompt, stream: true })) {
    text += line.response;
    finish = line.done_reason ?? finish;
  }
  return { text, finish };
});
