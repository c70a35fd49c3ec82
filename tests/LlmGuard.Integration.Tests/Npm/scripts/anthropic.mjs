import Anthropic from '@anthropic-ai/sdk';
import { report } from './report.mjs';

await report(async ({ url, prompt, stream }) => {
  const client = new Anthropic({ apiKey: 'key', baseURL: url, maxRetries: 0 });
  const request = { model: 'toy', max_tokens: 100, messages: [{ role: 'user', content: prompt }] };
  const message = stream ? await client.messages.stream(request).finalMessage() : await client.messages.create(request);
  return { text: message.content.map((block) => block.text ?? '').join(''), finish: message.stop_reason };
});
