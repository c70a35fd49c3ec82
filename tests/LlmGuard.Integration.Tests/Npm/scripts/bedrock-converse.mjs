import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { bedrock } from './bedrock.mjs';
import { report } from './report.mjs';

await report(async ({ url, prompt, stream }) => {
  const client = new BedrockRuntimeClient(bedrock(url));
  const request = { modelId: 'toy.model-v1:0', messages: [{ role: 'user', content: [{ text: prompt }] }] };
  if (!stream) {
    const answer = await client.send(new ConverseCommand(request));
    return { text: answer.output.message.content.map((block) => block.text ?? '').join(''), finish: answer.stopReason };
  }
  let text = '';
  let finish = null;
  for await (const event of (await client.send(new ConverseStreamCommand(request))).stream) {
    text += event.contentBlockDelta?.delta?.text ?? '';
    finish = event.messageStop?.stopReason ?? finish;
  }
  return { text, finish };
});
