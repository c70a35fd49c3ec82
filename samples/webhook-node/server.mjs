// A guardrail for the LlmGuard plugin external_api (webhook protocol, version 1) in plain Node 18 or newer; no packages needed.
//
//   GUARDRAIL_TOKEN=... GUARDRAIL_SIGNING_KEY=... PORT=9090 node server.mjs
//
// It blocks texts that mention "project nightfall", masks e-mail addresses, flags texts that shout, and allows the rest.
import { createServer } from 'node:http';
import { createHmac, timingSafeEqual } from 'node:crypto';

const token = process.env.GUARDRAIL_TOKEN ?? '';
const signingKey = process.env.GUARDRAIL_SIGNING_KEY ?? '';
const maxBodyBytes = 8 * 1024 * 1024;
const toleranceSeconds = 300;

if (token.length === 0 || signingKey.length < 16) {
  console.error('GUARDRAIL_TOKEN and GUARDRAIL_SIGNING_KEY (16 bytes or more) must be set.');
  process.exit(1);
}

const isEqual = (left, right) => {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
};

// v1=HMAC-SHA256(key, "v1\n" + timestamp + "\n" + method + "\n" + target + "\n" + body), in hexadecimal.
function isSigned(request, body) {
  const timestamp = request.headers['x-guardrail-timestamp'] ?? '';
  const age = Math.abs(Date.now() / 1000 - Number(timestamp));
  if (!/^[0-9]{1,12}$/.test(timestamp) || age > toleranceSeconds) {
    return false;
  }

  const expected = createHmac('sha256', signingKey)
    .update(`v1\n${timestamp}\n${request.method}\n${request.url}\n`)
    .update(body)
    .digest('hex');
  return isEqual(request.headers['x-guardrail-signature'] ?? '', `v1=${expected}`);
}

function judge({ segments }) {
  if (segments.some(({ text }) => /project\s+nightfall/iu.test(text))) {
    return { version: 1, action: 'block', reason: 'secret_project', message: 'This project is not to be talked about.', status: 403 };
  }

  // Indices of JavaScript strings are UTF-16 code units, which is what "unit" says.
  const edits = segments.flatMap(({ id, text }) =>
    [...text.matchAll(/[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/gu)].map((match) => ({
      segment: id,
      start: match.index,
      end: match.index + match[0].length,
      replacement: '[EMAIL]',
    })));
  if (edits.length > 0) {
    return { version: 1, action: 'mask', reason: 'email', unit: 'utf16', edits };
  }

  const loud = segments.filter(({ text }) => text.length >= 8 && text === text.toUpperCase() && text !== text.toLowerCase());
  return loud.length > 0
    ? { version: 1, action: 'flag', reason: 'shouting', findings: loud.map(({ id }) => ({ segment: id, reason: 'shouting' })) }
    : { version: 1, action: 'allow' };
}

function answer(response, status, value) {
  const body = JSON.stringify(value);
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}

const server = createServer(async (request, response) => {
  try {
    const chunks = [];
    let size = 0;
    for await (const chunk of request) {
      size += chunk.length;
      if (size > maxBodyBytes) {
        return answer(response, 413, { error: 'too large' });
      }

      chunks.push(chunk);
    }

    const body = Buffer.concat(chunks);
    if (!isEqual(request.headers.authorization ?? '', `Bearer ${token}`) || !isSigned(request, body)) {
      return answer(response, 401, { error: 'not signed by the guard' });
    }

    const asked = JSON.parse(body.toString('utf8'));
    if (request.method !== 'POST' || asked.version !== 1 || !Array.isArray(asked.segments)) {
      return answer(response, 400, { error: 'not a request of version 1' });
    }

    return answer(response, 200, judge(asked));
  } catch {
    // No content in logs. A 5xx makes the guard follow the entry's "on_error".
    return answer(response, 500, { error: 'internal' });
  }
});

server.listen(Number(process.env.PORT ?? 9090), '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${server.address().port}/`));
