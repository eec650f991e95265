"""An SSE server on FastAPI as people write it: one queue per client and a broadcast loop.

Two of them: `lean` makes an event's JSON once for all and does nothing else for a client than take
from its queue; `usual` does what examples and applications mostly do: the generator asks whether
the client is still there, waits with a time limit so that it can send a heartbeat, and makes the
JSON for each client.

Run by bench/run: /usr/bin/python3 fastapi_server.py PORT RATE EVENT_BYTES lean|usual
"""

import asyncio
import datetime
import json
import sys

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

PORT, RATE, EVENT_BYTES = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
USUAL = sys.argv[4] == "usual"
HEARTBEAT_S = 15

app = FastAPI()
clients: set[asyncio.Queue] = set()


def quote(asset: str) -> dict:
    now = datetime.datetime.utcnow().isoformat(timespec="microseconds") + "Z"
    return {"asset": asset, "price": 187.34, "change": 1.27, "timestamp": now}


def text(event: dict) -> str:
    return json.dumps(event, separators=(",", ":"))


async def broadcast() -> None:
    asset = "A" * max(1, EVENT_BYTES - len(f"data: {text(quote(''))}\n\n"))
    loop = asyncio.get_running_loop()
    due = loop.time()
    while True:
        due += 1 / RATE
        await asyncio.sleep(max(0, due - loop.time()))
        event = quote(asset)
        message = event if USUAL else text(event)
        for queue in clients:
            if not queue.full():
                queue.put_nowait(message)


async def lean_events(queue: asyncio.Queue):
    while True:
        yield f"data: {await queue.get()}\n\n"


async def usual_events(queue: asyncio.Queue, request: Request):
    while not await request.is_disconnected():
        try:
            event = await asyncio.wait_for(queue.get(), HEARTBEAT_S)
        except asyncio.TimeoutError:
            yield ": heartbeat\n\n"
            continue
        yield f"data: {text(event)}\n\n"


@app.on_event("startup")
async def start() -> None:
    app.state.broadcast = asyncio.create_task(broadcast())


@app.get("/stream")
async def stream(request: Request) -> StreamingResponse:
    queue: asyncio.Queue = asyncio.Queue(maxsize=1000)

    async def events():
        clients.add(queue)
        try:
            yield ": hi\n\n"
            async for each in usual_events(queue, request) if USUAL else lean_events(queue):
                yield each
        finally:
            clients.discard(queue)

    return StreamingResponse(
        events(), media_type="text/event-stream", headers={"Cache-Control": "no-cache"}
    )


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=PORT, log_level="warning", access_log=False)
