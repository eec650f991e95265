import random
import unittest

import support  # noqa: F401  (puts the package on the path)
from livetape import Event, Gap, LivetapeError, SseParser


def parse(data, parser=None):
    return (parser or SseParser()).feed(data if isinstance(data, bytes) else data.encode())


def message(data):
    return Event(None, "message", data)


class Parsing(unittest.TestCase):
    def test_fields_of_an_event(self):
        self.assertEqual(
            parse('id: e-7\nevent: risk_alert\ndata: {"a":1}\n\n'),
            [Event("e-7", "risk_alert", '{"a":1}')],
        )
        self.assertEqual(parse('data: {"a":1}\n\n')[0].json(), {"a": 1})

    def test_all_three_line_ends(self):
        for end in ("\n", "\r", "\r\n"):
            # After a lone CR it takes the next character to know that the line has ended.
            text = f"data: a{end}data: b{end}{end}: x{end}"
            self.assertEqual(parse(text), [message("a\nb")], repr(end))

    def test_one_space_after_the_colon_goes(self):
        self.assertEqual(
            parse("data:a\n\ndata: b\n\ndata:  c\n\n"), [*map(message, ("a", "b", " c"))]
        )

    def test_data_may_be_empty(self):
        self.assertEqual(parse("data\n\n"), [message("")])
        self.assertEqual(parse("data\ndata\n\n"), [message("\n")])

    def test_no_data_is_no_event_but_moves_the_cursor(self):
        parser = SseParser()
        self.assertEqual(parse("event: a\nid: 9\n\n", parser), [])
        self.assertEqual(parser.last_event_id, "9")
        self.assertEqual(parse("data: b\n\n", parser), [message("b")])
        self.assertEqual(parser.last_event_id, "9")

    def test_an_id_counts_only_once_its_event_is_whole(self):
        parser = SseParser()
        parse("id: 1\ndata: a\n", parser)
        self.assertIsNone(parser.last_event_id)
        parse("\n", parser)
        self.assertEqual(parser.last_event_id, "1")

    def test_an_id_with_nul_is_ignored(self):
        parser = SseParser()
        self.assertEqual(parse("id: 1\ndata: a\n\nid: 2\0\ndata: b\n\n", parser)[1], message("b"))
        self.assertEqual(parser.last_event_id, "1")

    def test_retry_is_digits(self):
        parser = SseParser()
        for text, expected in (
            ("retry: 1500\n", 1500),
            ("retry: soon\n", 1500),
            ("retry: -1\n", 1500),
            ("retry: \u0663\n", 1500),
            ("retry: 99999999999999999999\n", 300_000),
        ):
            parse(text, parser)
            self.assertEqual(parser.retry_ms, expected, text)

    def test_comments_unknown_fields_and_a_byte_order_mark(self):
        self.assertEqual(parse(b"\xef\xbb\xbfdata: a\n: hb\n:\nfoo: bar\nfoo\n\n"), [message("a")])
        self.assertEqual(parse("data: a\n\n\ufeffdata: b\n\n"), [message("a")])

    def test_an_unfinished_event_is_none(self):
        self.assertEqual(parse("data: a\n"), [])

    def test_broken_utf8_breaks_nothing_else(self):
        self.assertEqual(parse(b"data: \xff\n\ndata: b\n\n"), [message("\ufffd"), message("b")])

    def test_cut_anywhere_it_is_the_same(self):
        text = (
            "\ufeffretry: 10\r\nid: 1\r\ndata: gr\u00fc\u00df \U0001f600\r\r"
            "data: b\ndata: c\r\n\r\n"
            ": hb\n\nevent: x\rdata:\r\ndata: \r\n\nid\ndata: \u20ac\n\n"
        ).encode()
        whole = parse(text)
        self.assertEqual(len(whole), 4)
        seed = random.randrange(1 << 32)
        draw = random.Random(seed)
        cuts = [[i] for i in range(len(text) + 1)] + [range(len(text))]
        cuts += [sorted(draw.sample(range(len(text)), 5)) for _ in range(300)]
        for cut in cuts:
            parser = SseParser()
            edges = [0, *cut, len(text)]
            events = [e for a, b in zip(edges, edges[1:]) for e in parser.feed(text[a:b])]
            self.assertEqual(events, whole, f"seed {seed}, cut at {list(cut)}")
            self.assertEqual(parser.last_event_id, "")
            self.assertEqual(parser.retry_ms, 10)

    def test_size_has_a_limit(self):
        parser = SseParser(event_bytes_max=100)
        for _ in range(50):
            self.assertEqual(len(parser.feed(b"data: " + b"a" * 90 + b"\n\n")), 1)
        for start in (b"data: " + b"a" * 101, b": " + b"a" * 101, b"data: aaaa\n" * 30):
            with self.assertRaises(LivetapeError):
                SseParser(event_bytes_max=100).feed(start)


class Gaps(unittest.TestCase):
    def test_bare_and_in_an_envelope(self):
        bare = '{"reason":"expired","requested":"e-1","resumed_at":"e-5","missed":null}'
        for data in (bare, '{"event":"gap","data":%s,"timestamp":"t"}' % bare):
            gap = Gap.of(Event("e-5", "gap", data))
            self.assertEqual((gap.reason, gap.requested, gap.resumed_at), ("expired", "e-1", "e-5"))
            self.assertIsNone(gap.missed)

    def test_an_unreadable_one_is_still_a_gap(self):
        self.assertEqual(Gap.of(Event(None, "gap", "[")).reason, "")


if __name__ == "__main__":
    unittest.main()
