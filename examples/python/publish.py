#!/usr/bin/env python3
"""Publishes to livetape with the standard library alone.

    python3 publish.py orders/1001 order '{"number":1001,"status":"paid"}'

Prints the id of the record. LIVETAPE_TOKEN is the token, if one is needed.
"""

import argparse
import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.request
import uuid

ATTEMPTS = 6


def publish(url, items, token=None):
    """Publishes a list of {"topic", "type", "data"} together; returns their ids.

    When the answer gets lost, the same key with the same body gets it again: never twice a record.
    """
    return post(f"{url}/api/v1/publish", items, token)["ids"]


def training_progress(url, task_id, progress, status, token=None, **more):
    """Tells the channel `training` how far a task is; returns the id of the record."""
    body = {"task_id": task_id, "progress": progress, "status": status, **more}
    return post(f"{url}/api/v1/sse/training", body, token)["id"]


def post(url, body, token):
    headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    for attempt in range(ATTEMPTS):
        wait = 2**attempt / 2
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return json.load(response)
        except urllib.error.HTTPError as refusal:
            if refusal.code not in (409, 429, 502, 503, 504) or attempt == ATTEMPTS - 1:
                raise RuntimeError(f"{refusal.code}: {refusal.read().decode()}") from refusal
            told = refusal.headers.get("Retry-After", "")
            wait = int(told) if told.isdigit() else wait
        except (OSError, http.client.HTTPException):  # no connection, or lost before all was there
            if attempt == ATTEMPTS - 1:
                raise
        time.sleep(wait)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("topic")
    parser.add_argument("type")
    parser.add_argument("data", type=json.loads, help="JSON")
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    options = parser.parse_args()

    item = {"topic": options.topic, "type": options.type, "data": options.data}
    print(publish(options.url, [item], os.environ.get("LIVETAPE_TOKEN"))[0])


if __name__ == "__main__":
    try:
        main()
    except (OSError, RuntimeError) as error:
        sys.exit(str(error))
