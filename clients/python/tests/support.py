"""A server that does exactly what a test says, one connection after another."""

import json
import logging
import os
import socket
import struct
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

DEADLINE_S = 10
logging.getLogger("livetape").propagate = False
logging.getLogger("livetape").addHandler(logging.NullHandler())


class Request:
    def __init__(self, head, body):
        first, *fields = head.decode("latin-1").split("\r\n")
        self.method, self.path, self.version = first.split(" ")
        self.headers = {}
        for line in fields:
            name, _, value = line.partition(":")
            self.headers[name.strip().lower()] = value.strip()
        self.body = body

    def json(self):
        return json.loads(self.body)


class Connection:
    """The server's side of one connection."""

    def __init__(self, sock, requests):
        self._sock = sock
        self._requests = requests
        self._bytes = b""

    def request(self):
        """Waits for the next request and keeps it in the server's list."""
        while b"\r\n\r\n" not in self._bytes:
            self._more()
        head, _, self._bytes = self._bytes.partition(b"\r\n\r\n")
        request = Request(head, b"")
        size = int(request.headers.get("content-length", "0"))
        while len(self._bytes) < size:
            self._more()
        request.body, self._bytes = self._bytes[:size], self._bytes[size:]
        self._requests.append(request)
        return request

    def _more(self):
        got = self._sock.recv(65536)
        if not got:
            raise ConnectionError("the client has gone")
        self._bytes += got

    def send(self, text):
        self._sock.sendall(text.encode() if isinstance(text, str) else text)

    def answer(self, status=200, body=None, **fields):
        text = b"" if body is None else json.dumps(body).encode()
        lines = [f"HTTP/1.1 {status} Reason", f"Content-Length: {len(text)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
        self.send("\r\n".join(lines).encode() + b"\r\n\r\n" + text)

    def begin_stream(self):
        self.send(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
            "Transfer-Encoding: chunked\r\n\r\n"
        )

    def chunk(self, text):
        part = text.encode() if isinstance(text, str) else text
        self.send(b"%x\r\n%s\r\n" % (len(part), part))

    def end_stream(self):
        self.send("0\r\n\r\n")

    def reset(self):
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._sock.close()

    def wait_for_end(self):
        """Until the client closes."""
        while self._sock.recv(65536):
            pass


class ScriptedServer:
    """Plays `scripts`, one per connection, in order, then refuses further connections.

    `requests` are those that came. A script that fails is raised by `__exit__`.
    """

    def __init__(self, *scripts):
        self._scripts = scripts
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(DEADLINE_S)
        self.url = "http://127.0.0.1:%d" % self._listener.getsockname()[1]
        self.requests = []
        self._error = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self):
        try:
            for script in self._scripts:
                sock, _ = self._listener.accept()
                sock.settimeout(DEADLINE_S)
                with sock:
                    script(Connection(sock, self.requests))
        except BaseException as error:  # told to the test's thread
            self._error = error
        finally:
            self._listener.close()

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, kind, error, trace):
        if kind is None:
            self._thread.join(DEADLINE_S)
            if self._thread.is_alive():
                raise AssertionError("the script still waits for the client")
            if self._error is not None:
                raise self._error
        else:
            self._listener.close()


def streaming(chunks, then):
    """A script: one stream of these pieces, and then that."""

    def script(connection):
        connection.request()
        connection.begin_stream()
        for chunk in chunks:
            connection.chunk(chunk)
        then(connection)

    return script


def holding(*chunks):
    """A stream that stays open until the client has gone."""
    return streaming(chunks, Connection.wait_for_end)


def broken(*chunks):
    """A stream that ends in the middle. (A reset could take what the client has not read yet.)"""
    return streaming(chunks, lambda connection: None)


def stream_of(*chunks):
    """A stream that is ended cleanly."""
    return streaming(chunks, Connection.end_stream)


def refuses(status, body=None, **fields):
    def script(connection):
        connection.request()
        connection.answer(status, body, Connection="close", **fields)

    return script


def cursors(server):
    return [request.headers.get("last-event-id") for request in server.requests]


def answers(*bodies):
    """A script: one connection that answers these, in order, and waits for its end."""

    def script(connection):
        for body in bodies:
            connection.request()
            connection.answer(200, body)
        connection.wait_for_end()

    return script
