import { NodeHttpHandler } from '@smithy/node-http-handler';

// The client signs its requests, so they are only sent as they are: these keys are AWS's own examples.
export const bedrock = (url) => ({
  region: 'us-east-1',
  endpoint: url,
  maxAttempts: 1,
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
  requestHandler: new NodeHttpHandler(),
});
