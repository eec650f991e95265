#!/usr/bin/env python3
"""The shortest reader of a channel: every event is JSON with "event", "data" and "timestamp"."""

import json
import sys

import requests
import sseclient

URL = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"

response = requests.get(f"{URL}/api/v1/sse/training", stream=True, timeout=(5, 60))
response.raise_for_status()
for event in sseclient.SSEClient(response).events():
    message = json.loads(event.data)
    if message["event"] == "training_progress":
        task = message["data"]
        print(f"{task['task_id']} {task['status']} {task['progress']} %", flush=True)
