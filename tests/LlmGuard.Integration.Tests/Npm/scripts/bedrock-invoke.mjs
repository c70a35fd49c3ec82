import { BedrockRuntimeClient, InvokeModelCommand, InvokeModelWithResponseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { bedrock } from './bedrock.mjs';
import { report } from './report.mjs';

await report(async ({ url, prompt, stream }) => {
  const client = new BedrockRuntimeClient(bedrock(url));
  const request = {
    modelId: 'anthropic.claude-3-haiku-20240307-v1:0',
    contentType: 'application/json',
    body: JSON.stringify({ anthropic_version: 'bedrock-2023-05-31', max_tokens: 100, messages: [{ role: 'user', content: prompt }] }),
  };
  const decoder = new TextDecoder();
  if (!stream) {
    const answer = JSON.parse(decoder.decode((await client.send(new InvokeModelCommand(request))).body));
    return { text: answer.content.map((block) => block.text ?? '').join(''), finish: answer.stop_reason };
  }
  let text = '';
  let finish = null;
  for await (const { chunk } of (await client.send(new InvokeModelWithResponseStreamCommand(request))).body) {
    const event = JSON.parse(decoder.decode(chunk.bytes));
    text += event.delta?.text ?? '';
    finish = event.delta?.stop_reason ?? finish;
  }
  return { text, finish };
});
