import OpenAI from 'openai';
import { patience, report, tool } from './report.mjs';

await report(async ({ url, prompt, stream, hasTool, retries, hasRead }) => {
  const client = new OpenAI({ apiKey: 'key', baseURL: `${url}/v1`, maxRetries: retries, timeout: patience });
  const request = { model: 'toy', messages: [{ role: 'user', content: prompt }] };
  if (hasTool) request.tools = [{ type: 'function', function: { name: tool.name, description: tool.description, parameters: tool.schema } }];
  if (!stream) {
    const { message, finish_reason } = (await client.chat.completions.create(request)).choices[0];
    return { text: message.content, arguments: message.tool_calls?.[0].function.arguments, finish: finish_reason };
  }
  let text = '';
  let args = '';
  let finish = null;
  for await (const chunk of await client.chat.completions.create({ ...request, stream: true })) {
    const choice = chunk.choices[0];
    text += choice?.delta?.content ?? '';
    args += choice?.delta?.tool_calls?.[0]?.function?.arguments ?? '';
    finish = choice?.finish_reason ?? finish;
    if (text) await hasRead();
  }
  return { text, arguments: args, finish };
});
