import { generateText, jsonSchema, streamText, tool as define } from 'ai';
import { createOpenAI } from '@ai-sdk/openai';
import { patience, report, tool } from './report.mjs';

// Asks through the AI SDK of Vercel, with one of the models of its OpenAI provider.
export const ask = (choose) => report(async ({ url, prompt, stream, hasTool, retries, hasRead }) => {
  const model = choose(createOpenAI({ apiKey: 'key', baseURL: `${url}/v1` }));
  const request = { model, prompt, maxRetries: retries, abortSignal: AbortSignal.timeout(patience) };
  if (hasTool) request.tools = { [tool.name]: define({ description: tool.description, inputSchema: jsonSchema(tool.schema) }) };
  if (!stream) {
    const { text, toolCalls, finishReason } = await generateText(request);
    return { text, arguments: toolCalls[0] && JSON.stringify(toolCalls[0].input), finish: finishReason };
  }
  const answer = { text: '', finish: null };
  for await (const part of streamText({ ...request, onError() {} }).fullStream) {
    if (part.type === 'text-delta') answer.text += part.text;
    if (part.type === 'tool-call') answer.arguments = JSON.stringify(part.input);
    if (part.type === 'finish') answer.finish = part.finishReason;
    if (part.type === 'error') throw part.error;
    if (answer.text) await hasRead();
  }
  return answer;
});
