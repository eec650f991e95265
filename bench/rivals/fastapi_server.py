"""An SSE server on FastAPI as people write it: one queue per client and a broadcast loop.

Run by bench/run: /usr/bin/python3 fastapi_server.py PORT RATE EVENT_BYTES
"""

import asyncio
import datetime
import json
import sys

import uvicorn
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

PORT, RATE, EVENT_BYTES = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])

app = FastAPI()
clients: set[asyncio.Queue] = set()


def quote(asset: str) -> str:
    now = datetime.datetime.utcnow().isoformat(timespec="microseconds") + "Z"
    return json.dumps(
        {"asset": asset, "price": 187.34, "change": 1.27, "timestamp": now},
        separators=(",", ":"),
    )


async def broadcast() -> None:
    asset = "A" * max(1, EVENT_BYTES - len(f"data: {quote('')}\n\n"))
    loop = asyncio.get_running_loop()
    due = loop.time()
    while True:
        due += 1 / RATE
        await asyncio.sleep(max(0, due - loop.time()))
        message = quote(asset)
        for queue in clients:
            if not queue.full():
                queue.put_nowait(message)


@app.on_event("startup")
async def start() -> None:
    app.state.broadcast = asyncio.create_task(broadcast())


@app.get("/stream")
async def stream() -> StreamingResponse:
    queue: asyncio.Queue = asyncio.Queue(maxsize=1000)

    async def events():
        clients.add(queue)
        try:
            yield ": hi\n\n"
            while True:
                yield f"data: {await queue.get()}\n\n"
        finally:
            clients.discard(queue)

    return StreamingResponse(
        events(), media_type="text/event-stream", headers={"Cache-Control": "no-cache"}
    )


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=PORT, log_level="warning", access_log=False)
