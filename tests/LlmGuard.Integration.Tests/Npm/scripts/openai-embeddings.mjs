import OpenAI from 'openai';
import { patience, report } from './report.mjs';

await report(async ({ url, prompt, retries }) => {
  const client = new OpenAI({ apiKey: 'key', baseURL: `${url}/v1`, maxRetries: retries, timeout: patience });
  const { data } = await client.embeddings.create({ model: 'toy', input: prompt });
  return { text: JSON.stringify(data[0].embedding) };
});
