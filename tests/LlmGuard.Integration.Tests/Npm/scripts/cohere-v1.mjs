import { CohereClient } from 'cohere-ai';
import { report } from './report.mjs';

await report(async ({ url, prompt, stream }) => {
  const client = new CohereClient({ token: 'key', environment: url });
  if (!stream) {
    const answer = await client.chat({ model: 'toy', message: prompt }, { maxRetries: 0 });
    return { text: answer.text, finish: answer.finishReason };
  }
  let text = '';
  let finish = null;
  for await (const event of await client.chatStream({ model: 'toy', message: prompt }, { maxRetries: 0 })) {
    if (event.eventType === 'text-generation') text += event.text;
    if (event.eventType === 'stream-end') finish = event.finishReason;
  }
  return { text, finish };
});
