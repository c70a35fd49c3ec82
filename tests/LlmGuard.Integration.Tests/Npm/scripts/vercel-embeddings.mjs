import { embed } from 'ai';
import { createOpenAI } from '@ai-sdk/openai';
import { patience, report } from './report.mjs';

await report(async ({ url, prompt, retries }) => {
  const model = createOpenAI({ apiKey: 'key', baseURL: `${url}/v1` }).embedding('toy');
  const { embedding } = await embed({ model, value: prompt, maxRetries: retries, abortSignal: AbortSignal.timeout(patience) });
  return { text: JSON.stringify(embedding) };
});
