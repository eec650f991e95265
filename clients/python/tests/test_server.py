"""Against the real server: what is published is read, once, across restarts and crashes."""

import asyncio
import signal
import threading
import unittest

import support  # noqa: F401  (puts the package on the path)
from real_server import RealServer, needs_binary
from livetape import AsyncBroadcaster, AsyncEventStream, Broadcaster, EventStream, LivetapeError

# A stream that waits for what never comes ends with this.
PATIENCE = {"heartbeat_timeout": 20, "retries": 50}


class Reader:
    """Reads a stream on a thread until `count` events of those that are `wanted` are there."""

    def __init__(self, count, url, wanted=lambda event: True, **options):
        self._wanted = wanted
        self.stream = EventStream(url, control=True, **{**PATIENCE, **options})
        self.events = []
        self.connected = threading.Event()
        self._count = count
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        for event in self.stream:
            if event.event in ("connected", "hello"):
                self.connected.set()
            elif event.event in ("ping", "heartbeat", "drain", "slow"):
                continue
            elif self._wanted(event):
                self.events.append(event)
            if len(self.events) == self._count:
                return

    def wait_until_connected(self):
        assert self.connected.wait(20), "the stream does not begin"

    def take(self):
        self._thread.join(60)
        if self._thread.is_alive():
            raise AssertionError(f"{len(self.events)} events of {self._count} came")
        self.stream.close()
        return self.events


@needs_binary
class Publishing(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = RealServer()
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.start()

    def setUp(self):
        self.tape = Broadcaster(self.server.url)
        self.addCleanup(self.tape.close)

    def test_typed_events_reach_their_channels_with_the_ids_that_were_answered(self):
        calls = {
            "training": lambda: self.tape.send_training_progress("t-1", 10, "running"),
            "backtest": lambda: self.tape.send_backtest_progress("b-1", 20, "running"),
            "alerts": lambda: self.tape.send_risk_alert("drawdown", "low", "Look"),
        }
        for channel, call in calls.items():
            reader = Reader(1, f"{self.server.url}/api/v1/sse/{channel}")
            reader.wait_until_connected()
            id = call()
            (event,) = reader.take()
            self.assertEqual(event.id, id, channel)
            self.assertEqual(event.json()["event"], event.event)

    def test_a_dashboard_update_is_state(self):
        # The server itself shows the market on the account "paper", whenever a quote comes.
        def ours(event):
            return event.json()["data"]["account"] == "py"

        self.assertIsNone(self.tape.send_dashboard_update("metrics", {"pnl": 7}, account="py"))
        (event,) = Reader(1, f"{self.server.url}/api/v1/sse/dashboard", ours).take()
        self.assertIsNone(event.id)
        self.assertEqual(event.json()["data"]["data"], {"pnl": 7})

    def test_batches_are_read_in_order_once(self):
        ids = self.tape.publish_many({"topic": "py/batch", "data": n} for n in range(2500))
        self.assertEqual(len(set(ids)), 2500)
        reader = Reader(
            2500,
            f"{self.server.url}/api/v1/stream",
            params={"topics": "py/batch", "since": "earliest"},
        )
        events = reader.take()
        self.assertEqual([event.id for event in events], ids)
        self.assertEqual([event.json()["data"] for event in events], list(range(2500)))

    def test_the_same_key_is_kept_once(self):
        from livetape import _calls

        call = _calls.publish(_calls.record("py/once", 1, "message", "record", None))
        first = self.tape._call(call)
        self.assertEqual(self.tape._call(call), first)

    def test_refusals(self):
        refused = (
            (422, lambda: self.tape.send_training_progress("t", 140, "running")),
            (422, lambda: self.tape.send_risk_alert("a", "loud", "m")),
            (403, lambda: self.tape.publish("jobs/training/x", {})),
            (413, lambda: self.tape.publish("py/big", "x" * 70_000)),
            (422, lambda: self.tape.send_user_event("import.lost", {}, broadcast=True)),
        )
        for status, call in refused:
            with self.subTest(status=status), self.assertRaises(LivetapeError) as caught:
                call()
            self.assertEqual(caught.exception.status, status)
            self.assertTrue(caught.exception.detail)
        with self.assertRaises(LivetapeError) as caught:
            self.tape.send_training_progress("t", 140, "running")
        self.assertEqual(caught.exception.field, "progress")

    def test_asyncio_publishes_and_reads(self):
        async def run():
            options = {"params": {"topics": "py/async"}, "control": True, **PATIENCE}
            async with AsyncBroadcaster(self.server.url) as tape:
                async with AsyncEventStream(
                    f"{self.server.url}/api/v1/stream", **options
                ) as stream:
                    self.assertEqual((await stream.__anext__()).event, "hello")
                    ids = await asyncio.gather(*(tape.publish("py/async", n) for n in range(20)))
                    read = []
                    while len(read) < 20:
                        event = await stream.__anext__()
                        if event.event == "message":
                            read.append(event.id)
                    return ids, read

        ids, read = asyncio.run(asyncio.wait_for(run(), 30))
        self.assertEqual(read, ids)

    def test_an_unknown_channel_is_final(self):
        with EventStream(f"{self.server.url}/api/v1/sse/nothing") as stream:
            with self.assertRaises(LivetapeError) as caught:
                next(stream)
        self.assertEqual(caught.exception.status, 404)

    def test_a_cursor_that_is_none_is_a_gap_and_then_live(self):
        reader = Reader(
            2,
            f"{self.server.url}/api/v1/stream",
            params={"topics": "py/gap"},
            last_event_id="no-cursor",
        )
        reader.wait_until_connected()
        id = self.tape.publish("py/gap", 1)
        gap, event = reader.take()
        self.assertEqual(gap.reason, "malformed")
        self.assertEqual(event.id, id)


@needs_binary
class Restarts(unittest.TestCase):
    def read_across(self, how):
        with RealServer("--set", "server.drain_s=1") as server:
            with Broadcaster(server.url, retries=30) as tape:
                reader = Reader(400, f"{server.url}/api/v1/stream", params={"topics": "py/restart"})
                reader.wait_until_connected()
                ids = [tape.publish("py/restart", n) for n in range(200)]
                server.stop(how)
                server.start()
                ids += [tape.publish("py/restart", n) for n in range(200, 400)]
                events = reader.take()
        self.assertEqual([event.id for event in events], ids)
        self.assertEqual([event.json()["data"] for event in events], list(range(400)))

    def test_a_restart_loses_and_doubles_nothing(self):
        self.read_across(signal.SIGTERM)

    def test_a_crash_loses_and_doubles_nothing(self):
        self.read_across(signal.SIGKILL)


@needs_binary
class Users(unittest.TestCase):
    def test_each_sees_only_their_own(self):
        with RealServer("--set", "auth.mode=jwt") as server:
            url = f"{server.url}/api/v1/events"
            readers = {
                user: Reader(2, url, token=server.token(user, "subscribe"))
                for user in ("alice", "bob")
            }
            for reader in readers.values():
                reader.wait_until_connected()
            fields = {"file_name": "a.csv", "file_format": "csv"}
            with Broadcaster(server.url, token=server.token("backend", "publish")) as tape:
                ids = tape.send_user_event("import.started", fields, user_ids=["alice", "bob"])
                self.assertEqual(len(ids), 2)
                tape.send_user_event("import.started", fields, broadcast=True)
            alice, bob = (readers[user].take() for user in ("alice", "bob"))
            self.assertEqual((alice[0].id, bob[0].id), tuple(ids))
            self.assertEqual(alice[1].id, bob[1].id)

    def test_without_a_token_it_is_final(self):
        with RealServer("--set", "auth.mode=jwt") as server:
            with EventStream(f"{server.url}/api/v1/events") as stream:
                with self.assertRaises(LivetapeError) as caught:
                    next(stream)
        self.assertEqual(caught.exception.status, 401)


if __name__ == "__main__":
    unittest.main()
