import OpenAI from 'openai';
import { report } from './report.mjs';

await report(async ({ url, prompt, stream }) => {
  const client = new OpenAI({ apiKey: 'key', baseURL: `${url}/v1`, maxRetries: 0 });
  const request = { model: 'toy', messages: [{ role: 'user', content: prompt }] };
  if (!stream) {
    const completion = await client.chat.completions.create(request);
    return { text: completion.choices[0].message.content, finish: completion.choices[0].finish_reason };
  }
  let text = '';
  let finish = null;
  for await (const chunk of await client.chat.completions.create({ ...request, stream: true })) {
    text += chunk.choices[0]?.delta?.content ?? '';
    finish = chunk.choices[0]?.finish_reason ?? finish;
  }
  return { text, finish };
});
