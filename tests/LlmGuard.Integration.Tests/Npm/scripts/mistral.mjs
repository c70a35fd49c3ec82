import { Mistral } from '@mistralai/mistralai';
import { report } from './report.mjs';

await report(async ({ url, prompt, stream }) => {
  const client = new Mistral({ apiKey: 'key', serverURL: url, retryConfig: { strategy: 'none' } });
  const request = { model: 'toy', messages: [{ role: 'user', content: prompt }] };
  if (!stream) {
    const completion = await client.chat.complete(request);
    return { text: completion.choices[0].message.content, finish: completion.choices[0].finishReason };
  }
  let text = '';
  let finish = null;
  for await (const { data } of await client.chat.stream(request)) {
    text += data.choices[0]?.delta?.content ?? '';
    finish = data.choices[0]?.finishReason ?? finish;
  }
  return { text, finish };
});
