// Reads of what is stored, which a busy server may put off: 503 with Retry-After.

import { until } from './until.mjs';

const putOff = ({ status, headers }) => status === 503 && headers.get('retry-after') !== null;

/** The answer of `ask`, which is called until the server is not too busy for it. */
export async function patiently(ask) {
  let answer = await ask();
  await until(
    () => `an answer other than ${answer.status} ${answer.text}`,
    async () => {
      if (!putOff(answer)) return true;
      answer = await ask();
      return !putOff(answer);
    },
  );
  return answer;
}
