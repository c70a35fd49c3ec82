import { GoogleGenAI } from '@google/genai';
import { report } from './report.mjs';

await report(async ({ url, prompt, stream }) => {
  const client = new GoogleGenAI({ apiKey: 'key', httpOptions: { baseUrl: url, retryOptions: { attempts: 1 } } });
  const request = { model: 'toy', contents: prompt };
  if (!stream) {
    const answer = await client.models.generateContent(request);
    return { text: answer.text, finish: answer.candidates[0].finishReason };
  }
  let text = '';
  let finish = null;
  for await (const chunk of await client.models.generateContentStream(request)) {
    text += chunk.text ?? '';
    finish = chunk.candidates?.[0]?.finishReason ?? finish;
  }
  return { text, finish };
});
