import { Ollama } from 'ollama';
import { report } from './report.mjs';

await report(async ({ url, prompt, stream }) => {
  const client = new Ollama({ host: url });
  const request = { model: 'toy', messages: [{ role: 'user', content: prompt }] };
  if (!stream) {
    const answer = await client.chat({ ...request, stream: false });
    return { text: answer.message.content, finish: answer.done_reason };
  }
  let text = '';
  let finish = null;
  for await (const line of await client.chat({ ...request, stream: true })) {
    text += line.message.content;
    finish = line.done_reason ?? finish;
  }
  return { text, finish };
});
