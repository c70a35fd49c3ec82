// Runs `ask` for every question on standard input, one after the other, and prints what came of each as one JSON array.
export async function report(ask) {
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  const answers = [];
  for (const question of JSON.parse(Buffer.concat(chunks).toString('utf8'))) {
    try {
      // Tells the model, once, that some of its answer was read.
      let seen = !question.goOn;
      const hasRead = async () => {
        if (seen) return;
        seen = true;
        await fetch(question.goOn, { method: 'POST' });
      };
      answers.push(await ask({ ...question, hasRead }));
    } catch (error) {
      answers.push({
        error: error.constructor?.name ?? typeof error,
        status: error.status ?? error.statusCode ?? error.status_code ?? error.$metadata?.httpStatusCode ?? null,
        message: String(error.message ?? error),
      });
    }
  }
  // Exit only once all of it is written.
  process.stdout.write(JSON.stringify(answers), () => process.exit(0));
}

// The tool that the scripted model calls.
export const tool = {
  name: 'send',
  description: 'Sends a letter.',
  schema: { type: 'object', properties: { to: { type: 'string' }, body: { type: 'string' } }, required: ['to', 'body'], additionalProperties: false },
};

// How long a client waits: a client that would wait for ever fails as itself.
export const patience = 40_000;
