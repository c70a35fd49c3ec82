import Anthropic from '@anthropic-ai/sdk';
import { patience, report, tool } from './report.mjs';

await report(async ({ url, prompt, stream, hasTool, retries, hasRead }) => {
  const client = new Anthropic({ apiKey: 'key', baseURL: url, maxRetries: retries, timeout: patience });
  const request = { model: 'toy', max_tokens: 100, messages: [{ role: 'user', content: prompt }] };
  if (hasTool) request.tools = [{ name: tool.name, description: tool.description, input_schema: tool.schema }];
  const message = stream ? await client.messages.stream(request).on('text', hasRead).finalMessage() : await client.messages.create(request);
  const call = message.content.find((block) => block.type === 'tool_use');
  return {
    text: message.content.map((block) => block.text ?? '').join(''),
    arguments: call && JSON.stringify(call.input),
    finish: message.stop_reason,
  };
});
