"""How much of everything a run of the bench does."""


class Size:
    """How large and how long: the full bench, or a smoke that only shows that all of it runs."""

    def __init__(self, quick):
        self.quick = quick
        self.subscribers = 300 if quick else 10_000
        self.fastapi_subscribers = 50 if quick else 500
        self.rate, self.event_bytes = 10, 170
        self.seconds, self.warm_up, self.settle = (1, 0.3, 0.3) if quick else (6, 2, 1)
        self.bare_pairs, self.nchan_pairs = (2, 1) if quick else (7, 7)
        self.fastapi_runs, self.idle_runs = (1, 1) if quick else (3, 5)
        self.send_path_pairs = 1 if quick else 3
        # Coalescing: coalescing.py.
        self.coalescing_pairs, self.coalescing_runs = (1, 1) if quick else (3, 3)
        self.coalescing_subscribers, self.coalescing_seconds = (100, 1) if quick else (5000, 4)
        self.coalescing_connections, self.coalescing_batch = 8, 100
        self.coalescing_batches_per_s = 5
        self.latency_runs, self.latency_seconds = (1, 1) if quick else (3, 4)
        # Topics of one's own: own_topics.py.
        self.own_pairs, self.own_seconds = (1, 1) if quick else (3, 5)
        self.own_rate, self.own_batch = (2_000, 100) if quick else (20_000, 1_000)
        # Overload: overload.py.
        self.overload_runs, self.overload_seconds = (1, 1) if quick else (3, 4)
        self.overload_subscribers, self.overload_keys = (20, 50) if quick else (200, 300)
        self.overload_connections, self.overload_sync_ms = 64, 50
        self.window_subscribers = 50 if quick else 1000
        self.window_seconds = 2 if quick else 8
        self.window_symbols, self.window_updates = 100, 50_000
        # The durable tape: durable.py.
        self.publish_runs, self.publish_seconds = (1, 1) if quick else (5, 5)
        self.batch_connections, self.batch_records = (1, 2, 4), 1_000 if quick else 10_000
        self.slow_pairs, self.slow_sync_ms = 1 if quick else 3, 5
        self.syncs = 50 if quick else 300
        self.resume_runs = 1 if quick else 5
        self.resumers, self.resume_live = (100, 20) if quick else (1000, 100)
        self.resume_rate, self.resume_behind, self.resume_before = 1000, 1000, 1 if quick else 5
        self.small_ring = 1024
        self.start_records = 50_000 if quick else 1_000_000
        self.start_runs = 2 if quick else 5
        # Imports: imports.py.
        self.import_runs, self.import_rows = (1, 500_000) if quick else (3, 10_000_000)
        # Jobs: jobs.py.
        self.beside_pairs, self.beside_seconds = (1, 2) if quick else (5, 6)
        self.beside_symbols, self.beside_updates, self.beside_subscribers = 100, 10_000, 10
        self.beside_workers, self.beside_bars = 2, 50_000
        # Paper trading: trading.py.
        self.backtest_runs = 1 if quick else 3
        self.floor_runs, self.order_runs = (1, 1) if quick else (3, 5)
        self.order_symbols = 20
        self.equity_runs, self.equity_seconds = (1, 2) if quick else (3, 5)
        self.equity_intervals = "0", "250ms"
        self.equity_accounts, self.equity_positions = 100, 10
        self.start_fills = 20_000 if quick else 1_000_000
        # The page in a browser: page.py.
        self.page_seconds = 3 if quick else 120
