import { CohereClientV2 } from 'cohere-ai';
import { report } from './report.mjs';

await report(async ({ url, prompt, stream }) => {
  const client = new CohereClientV2({ token: 'key', environment: url });
  const request = { model: 'toy', messages: [{ role: 'user', content: prompt }] };
  if (!stream) {
    const answer = await client.chat(request, { maxRetries: 0 });
    return { text: answer.message.content.map((part) => part.text ?? '').join(''), finish: answer.finishReason };
  }
  let text = '';
  let finish = null;
  for await (const event of await client.chatStream(request, { maxRetries: 0 })) {
    if (event.type === 'content-delta') text += event.delta?.message?.content?.text ?? '';
    if (event.type === 'message-end') finish = event.delta?.finishReason ?? finish;
  }
  return { text, finish };
});
