// Runs `ask` for every question on standard input, one after the other, and prints what came of each as one JSON array.
export async function report(ask) {
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  const answers = [];
  for (const question of JSON.parse(Buffer.concat(chunks).toString('utf8'))) {
    try {
      answers.push(await ask(question));
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
