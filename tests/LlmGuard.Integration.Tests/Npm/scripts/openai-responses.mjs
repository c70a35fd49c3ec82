import OpenAI from 'openai';
import { patience, report, tool } from './report.mjs';

const heard = (response) => ({
  text: response.output.flatMap((item) => item.content ?? []).map((part) => part.text ?? '').join(''),
  arguments: response.output.find((item) => item.type === 'function_call')?.arguments,
  finish: [response.status, response.incomplete_details?.reason].filter(Boolean).join(' '),
});

await report(async ({ url, prompt, stream, hasTool, retries, hasRead }) => {
  const client = new OpenAI({ apiKey: 'key', baseURL: `${url}/v1`, maxRetries: retries, timeout: patience });
  const request = { model: 'toy', input: prompt };
  if (hasTool) request.tools = [{ type: 'function', name: tool.name, description: tool.description, parameters: tool.schema, strict: true }];
  if (!stream) return heard(await client.responses.create(request));
  let text = '';
  let args = '';
  let last = null;
  for await (const event of await client.responses.create({ ...request, stream: true })) {
    if (event.type === 'response.output_text.delta') text += event.delta;
    if (event.type === 'response.function_call_arguments.delta') args += event.delta;
    if (event.type === 'response.completed' || event.type === 'response.incomplete') last = heard(event.response);
    if (text) await hasRead();
  }
  // A response that was cut says in its last event why.
  if (last?.finish.startsWith('incomplete')) return { text, arguments: args, finish: last.finish };
  if (last?.text !== text || (last.arguments ?? '') !== args) {
    throw new Error(`The last event says ${JSON.stringify(last)}; the deltas said ${JSON.stringify({ text, args })}.`);
  }
  return last;
});
