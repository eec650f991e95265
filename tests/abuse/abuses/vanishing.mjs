// Connections that come and vanish: at once, or in the middle of a request or of a stream, by FIN or
// by RST.

import { connect, crowd, closed, requestOf } from '../sockets.mjs';

const AT_ONCE = 100;
const ADDRESSES = 200; // each has ports for some ten thousand in TIME_WAIT

async function vanish(port, { connections }, tally) {
  const stream = requestOf(port, 'GET', '/api/v1/stream?topics=abuse/none');
  const half = stream.subarray(0, 20);
  await crowd(connections, AT_ONCE, async (i) => {
    const socket = await connect(port, i % ADDRESSES);
    const sent = [undefined, half, stream][i % 3];
    if (sent) socket.write(sent);
    const reset = (i >> 1) % 2 === 0;
    if (reset) socket.resetAndDestroy();
    else socket.destroy();
    await closed(socket);
    tally.add(reset ? 'vanished by RST' : 'vanished by FIN');
  });
}

export const abuses = {
  vanishing: {
    about: 'connections that come and vanish',
    full: { connections: 100_000 },
    small: { connections: 1500 },
    allowanceMib: 8,
    attack: vanish,
  },
};
