#!/usr/bin/env python3
"""Follows topics of livetape and continues where it stopped, also after a restart of its own.

    pip install requests sseclient-py
    python3 follow.py 'orders/*,jobs/training/*' --keep position.txt

Prints one event a line, as JSON with topic, type, time and data. LIVETAPE_TOKEN is the token, if one
is needed.
"""

import argparse
import json
import os
import random
import sys
import time

import requests
import sseclient

SILENCE_S = 15  # the server says something every 5 s
FIRST_DELAY_S = 2
LAST_DELAY_S = 60


def follow(url, topics, position="", token=None):
    """Yields (position, type, data) for ever. Keep the position when you have dealt with the data.

    Comes back by itself; raises requests.HTTPError when the server refuses for good.
    """
    delay = FIRST_DELAY_S
    while True:
        try:
            for event in connect(url, topics, position, token):
                delay = FIRST_DELAY_S
                position = event.id or position  # values of state keys carry no id
                yield position, event.event, json.loads(event.data)
        except requests.HTTPError as refusal:
            if refusal.response.status_code not in (429, 502, 503, 504):
                raise
            wait = refusal.response.headers.get("Retry-After", "")
            delay = max(delay, int(wait) if wait.isdigit() else 0)
        except requests.RequestException as failure:
            print(f"connection lost: {failure}", file=sys.stderr)
        time.sleep(delay * random.uniform(0.5, 1.5))  # not all clients at the same moment
        delay = min(delay * 2, LAST_DELAY_S)


def connect(url, topics, position, token):
    """Yields the events of one connection, until it ends."""
    headers = {"Accept": "text/event-stream"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if position:
        headers["Last-Event-ID"] = position
    with requests.get(
        f"{url}/api/v1/stream",
        params={"topics": topics},
        headers=headers,
        stream=True,
        timeout=(5, SILENCE_S),
    ) as response:
        if not response.ok:
            response.content  # the server's reason, read while the connection is there
        response.raise_for_status()
        yield from sseclient.SSEClient(response).events()


def read_position(path):
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def write_position(path, position):
    with open(f"{path}.new", "w", encoding="utf-8") as file:
        file.write(position)
    os.replace(f"{path}.new", path)  # never half a position


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("topics", help="patterns, with commas between them")
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--keep", metavar="FILE", help="where to keep the position")
    options = parser.parse_args()

    kept = read_position(options.keep) if options.keep else ""
    token = os.environ.get("LIVETAPE_TOKEN")
    for position, kind, data in follow(options.url, options.topics, kept, token):
        if kind == "gap":
            # Earlier records are gone: load what you need from your own books, then go on.
            print(f"gap: {data['reason']}, going on at {data['resumed_at']}", file=sys.stderr)
        elif kind not in ("hello", "heartbeat", "slow", "drain", "auth"):
            print(json.dumps(data), flush=True)
        if options.keep and position != kept:
            write_position(options.keep, position)
            kept = position


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
    except requests.HTTPError as refusal:
        sys.exit(f"{refusal}: {refusal.response.text}")
