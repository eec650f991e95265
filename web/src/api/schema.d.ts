// Made by `npm run types` from the server's /openapi.json; not edited by hand.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Account: {
            account_blocked: boolean;
            /** @description The account's name */
            account_number: string;
            accrued_fees: components["schemas"]["Decimal"];
            /** Format: date */
            balance_asof: string;
            buying_power: components["schemas"]["Decimal"];
            cash: components["schemas"]["Decimal"];
            created_at: components["schemas"]["Time"];
            /** @constant */
            crypto_status: "ACTIVE";
            /** @constant */
            currency: "USD";
            daytrade_count: number;
            daytrading_buying_power: components["schemas"]["Decimal"];
            effective_buying_power: components["schemas"]["Decimal"];
            equity: components["schemas"]["Decimal"];
            id: components["schemas"]["Uuid"];
            initial_margin: components["schemas"]["Decimal"];
            intraday_adjustments: components["schemas"]["Decimal"];
            /** @description At the start of the day */
            last_equity: components["schemas"]["Decimal"];
            last_maintenance_margin: components["schemas"]["Decimal"];
            long_market_value: components["schemas"]["Decimal"];
            maintenance_margin: components["schemas"]["Decimal"];
            multiplier: components["schemas"]["Multiplier"];
            non_marginable_buying_power: components["schemas"]["Decimal"];
            options_approved_level: number;
            options_buying_power: components["schemas"]["Decimal"];
            options_trading_level: number;
            pattern_day_trader: boolean;
            pending_reg_taf_fees: components["schemas"]["Decimal"];
            pending_transfer_in: components["schemas"]["Decimal"];
            pending_transfer_out: components["schemas"]["Decimal"];
            portfolio_value: components["schemas"]["Decimal"];
            position_market_value: components["schemas"]["Decimal"];
            regt_buying_power: components["schemas"]["Decimal"];
            short_market_value: components["schemas"]["Decimal"];
            shorting_enabled: boolean;
            sma: components["schemas"]["Decimal"];
            /** @description The switch of PUT /api/v1/accounts */
            state: components["schemas"]["AccountState"];
            /** @constant */
            status: "ACTIVE";
            trade_suspended_by_user: boolean;
            trading_blocked: boolean;
            transfers_blocked: boolean;
        };
        AccountConfiguration: {
            /** @constant */
            dtbp_check: "entry";
            fractional_trading: boolean;
            max_margin_multiplier: components["schemas"]["Multiplier"];
            no_shorting: boolean;
            /** @constant */
            pdt_check: "entry";
            ptp_no_exception_entry: boolean;
            suspend_trade: boolean;
            /** @constant */
            trade_confirm_email: "all";
        };
        /** @description Members that are not named here are taken and ignored */
        AccountConfigurationChange: {
            /** @enum {unknown} */
            max_margin_multiplier?: "1" | "2" | "4" | 1 | 2 | 4 | null;
            no_shorting?: boolean | null;
            suspend_trade?: boolean | null;
        };
        AccountStanding: {
            canceled_orders: number;
            name: string;
            state: components["schemas"]["AccountState"];
        };
        /** @enum {string} */
        AccountState: "ACTIVE" | "REDUCING" | "HALTED";
        AccountStateChange: {
            state: components["schemas"]["AccountState"];
        };
        Activities: components["schemas"]["Activity"][];
        /** @description One fill */
        Activity: {
            /** @constant */
            activity_type: "FILL";
            cum_qty: components["schemas"]["Decimal"];
            /** @description yyyymmddHHMMSSmmm::uuid */
            id: string;
            leaves_qty: components["schemas"]["Decimal"];
            order_id: components["schemas"]["Uuid"];
            /** @enum {string} */
            order_status: "filled" | "partially_filled";
            price: components["schemas"]["Decimal"];
            qty: components["schemas"]["Decimal"];
            side: components["schemas"]["Side"];
            symbol: string;
            transaction_time: components["schemas"]["Time"];
            /** @enum {string} */
            type: "fill" | "partial_fill";
        };
        /** @default 100 */
        ActivityLimit: number;
        Alert: {
            acknowledged: boolean;
            acknowledged_at: components["schemas"]["Time"] | null;
            /** @description The token's subject, if any */
            acknowledged_by: string | null;
            data: components["schemas"]["RiskAlert"];
            id: string;
            timestamp: components["schemas"]["Time"];
        };
        Alerts: components["schemas"]["PageFacts"] & {
            alerts: components["schemas"]["Alert"][];
        };
        AlpacaBar: {
            c: number;
            h: number;
            l: number;
            /** @description Trades */
            n: number;
            o: number;
            /** @description Its start */
            t: components["schemas"]["Time"];
            v: number;
            /** @description (high + low + close) / 3 */
            vw: number;
        };
        AlpacaError: {
            available?: components["schemas"]["Decimal"];
            buying_power?: components["schemas"]["Decimal"];
            /** @description Such as 40310000: the status and a number */
            code: number;
            cost_basis?: components["schemas"]["Decimal"];
            existing_qty?: components["schemas"]["Decimal"];
            /** @description The member or parameter at fault */
            field?: string;
            held_for_orders?: components["schemas"]["Decimal"];
            limit?: components["schemas"]["Decimal"];
            message: string;
            needed?: components["schemas"]["Decimal"];
            /** @description Why an order was refused: docs/alpaca.md */
            reason?: string;
            symbol?: string;
        };
        /** @description The last four: of stocks */
        AlpacaQuote: {
            ap: number;
            as: number;
            ax?: string;
            bp: number;
            bs: number;
            bx?: string;
            c?: string[];
            t: components["schemas"]["Time"];
            z?: string;
        };
        /** @description x, c and z: of stocks; tks: of crypto */
        AlpacaTrade: {
            c?: string[];
            i: number;
            p: number;
            s: number;
            t: components["schemas"]["Time"];
            tks?: string;
            x?: string;
            z?: string;
        };
        /**
         * @default asc
         * @enum {string}
         */
        Ascending: "asc" | "desc";
        Asset: {
            attributes: string[];
            class: components["schemas"]["AssetClass"];
            easy_to_borrow: boolean;
            exchange: string;
            fractionable: boolean;
            id: components["schemas"]["Uuid"];
            maintenance_margin_requirement: number;
            margin_requirement_long: components["schemas"]["Decimal"];
            margin_requirement_short: components["schemas"]["Decimal"];
            marginable: boolean;
            min_order_size: components["schemas"]["Decimal"] | null;
            min_trade_increment: components["schemas"]["Decimal"] | null;
            name: string;
            price_increment: components["schemas"]["Decimal"] | null;
            shortable: boolean;
            /** @constant */
            status: "active";
            symbol: string;
            tradable: boolean;
        };
        /** @enum {string} */
        AssetClass: "us_equity" | "crypto";
        /** @enum {string} */
        AssetClassFilter: "us_equity" | "crypto" | "all";
        Assets: components["schemas"]["Asset"][];
        AuthEnd: {
            /** @enum {string} */
            reason: "expired" | "revoked";
        };
        AuthEndEvent: {
            data: components["schemas"]["AuthEnd"];
            /** @constant */
            event: "auth";
            timestamp: components["schemas"]["Time"];
        };
        /** @description From monthly_returns on: when it is completed; a sweep has sweep instead */
        Backtest: components["schemas"]["BacktestSummary"] & {
            bars?: number;
            /** @description Of the bars: the same, the same result */
            data_hash?: string;
            days_per_year?: number;
            fills?: number;
            from?: components["schemas"]["Time"];
            monthly_returns?: components["schemas"]["MonthReturn"][];
            /** @description How many, by reason */
            refused_orders?: {
                [key: string]: number;
            };
            /** @description The equity was used up */
            ruined?: boolean;
            sweep?: components["schemas"]["SweepSummary"];
            to?: components["schemas"]["Time"];
            version?: string;
        };
        BacktestCurve: {
            backtest_id: string;
            equity: components["schemas"]["CurvePoint"][];
            /** @description Of the whole curve */
            points: number;
        };
        BacktestFill: {
            cash: number;
            fee: number;
            /** @enum {string} */
            liquidity: "maker" | "taker";
            position_qty: number;
            price: number;
            quantity: number;
            realized_pnl: number;
            side: components["schemas"]["Side"];
            source_price: number;
            symbol: string;
            time: components["schemas"]["Time"];
            type: components["schemas"]["OrderType"];
        };
        BacktestFills: components["schemas"]["PageFacts"] & {
            backtest_id: string;
            fills: components["schemas"]["BacktestFill"][];
        };
        /** @description The request as it was understood */
        BacktestOrder: {
            cash: number;
            close_at_end: components["schemas"]["CloseAtEnd"];
            fee: number;
            fee_min: number;
            fee_per_share: number;
            fractional: boolean;
            from?: components["schemas"]["Time"];
            params: components["schemas"]["ParameterLists"];
            rank_by: string;
            slippage_bps: number;
            strategy: string;
            symbols: string[];
            timeframe: components["schemas"]["Timeframe"];
            to?: components["schemas"]["Time"];
        };
        /** @description Event backtest_progress; other members pass through */
        BacktestProgress: {
            backtest_id: string;
            /** @description Of a sweep */
            combinations?: {
                done: number;
                total: number;
            };
            current_date?: string | null;
            message?: string | null;
            progress: components["schemas"]["Progress"];
            /** @description Of the server's own jobs */
            rate?: number;
            rate_unit?: string;
            results?: components["schemas"]["ProgressResults"] | null;
            status: components["schemas"]["TaskStatus"];
            time_left_s?: number;
        } & {
            [key: string]: unknown;
        };
        BacktestProgressEvent: {
            data: components["schemas"]["BacktestProgress"];
            /** @constant */
            event: "backtest_progress";
            timestamp: components["schemas"]["Time"];
        };
        BacktestRequest: {
            /** @description 100000 if missing */
            cash?: components["schemas"]["DecimalInput"] | null;
            /** @description close if missing */
            close_at_end?: components["schemas"]["CloseAtEnd"] | null;
            /** @description A fraction of a trade's value */
            fee?: components["schemas"]["DecimalInput"] | null;
            fee_min?: components["schemas"]["DecimalInput"] | null;
            fee_per_share?: components["schemas"]["DecimalInput"] | null;
            /** @description Parts of a share may be bought */
            fractional?: boolean | null;
            from?: components["schemas"]["RangeEnd"] | null;
            params?: components["schemas"]["ParameterLists"] | null;
            /** @description A name of results; sharpe_ratio if missing */
            rank_by?: string | null;
            slippage_bps?: components["schemas"]["DecimalInput"] | null;
            /** @description GET /api/v1/strategies names them */
            strategy: string;
            symbols: components["schemas"]["SymbolList"];
            /** @description 1d if missing */
            timeframe?: components["schemas"]["Timeframe"] | null;
            to?: components["schemas"]["RangeEnd"] | null;
        };
        /** @description Null: there is none, such as a ratio to nothing; docs/backtests.md has formulas */
        BacktestResults: {
            annual_return: number | null;
            buy_and_hold_return: number | null;
            calmar_ratio: number | null;
            exposure: number | null;
            fees: number;
            final_equity: number;
            /** @description A fraction, negative */
            max_drawdown: number | null;
            profit_factor: number | null;
            sharpe_ratio: number | null;
            sortino_ratio: number | null;
            sqn: number | null;
            total_return: number | null;
            trades: number;
            volatility: number | null;
            win_rate: number | null;
        };
        Backtests: components["schemas"]["PageFacts"] & {
            backtests: components["schemas"]["BacktestSummary"][];
        };
        BacktestStanding: {
            backtest_id: string;
            status: components["schemas"]["JobStatus"];
        };
        BacktestSummary: components["schemas"]["JobFacts"] & {
            backtest_id: string;
            request: components["schemas"]["BacktestOrder"];
            /** @description Of a sweep, the best ones */
            results: components["schemas"]["BacktestResults"] | null;
        };
        /** @description A round trip, from flat to flat */
        BacktestTrade: {
            closed: components["schemas"]["Time"];
            entry_price: number;
            exit_price: number;
            fees: number;
            opened: components["schemas"]["Time"];
            profit: number;
            quantity: number;
            return: number | null;
            /** @enum {string} */
            side: "long" | "short";
            symbol: string;
        };
        BacktestTrades: components["schemas"]["PageFacts"] & {
            backtest_id: string;
            trades: components["schemas"]["BacktestTrade"][];
        };
        BadRow: {
            detail: string;
            line: number;
            reason: components["schemas"]["RowFault"];
        };
        Bar: {
            close: number;
            high: number;
            low: number;
            open: number;
            /** @description Made up as history before the first price */
            synthetic: boolean;
            /** @description Its start */
            time: components["schemas"]["Time"];
            trades: number;
            volume: number;
        };
        BarBySymbol: {
            bars: {
                [key: string]: components["schemas"]["AlpacaBar"];
            };
        };
        /** @default 1000 */
        BarPageLimit: number;
        Bars: {
            bars: components["schemas"]["Bar"][];
            symbol: string;
            timeframe: components["schemas"]["Timeframe"];
        };
        BarsBySymbol: {
            bars: {
                [key: string]: components["schemas"]["AlpacaBar"][];
            };
            next_page_token: string | null;
        };
        /** @description With format=batch: the updates of state of one window */
        Batch: {
            /** @description Milliseconds since 1970 */
            t: number;
            u: [
                string,
                unknown
            ][];
        };
        Calendar: components["schemas"]["CalendarDay"][];
        CalendarDay: {
            close: string;
            /** Format: date */
            date: string;
            /** @description In New York, 09:30 */
            open: string;
            session_close: string;
            /** @description 0400 */
            session_open: string;
            /** Format: date */
            settlement_date: string;
        };
        CanceledOrder: {
            body: components["schemas"]["Order"] | components["schemas"]["AlpacaError"] | null;
            id: components["schemas"]["Uuid"];
            /** @description 200: it is canceled */
            status: number;
        };
        CanceledOrders: components["schemas"]["CanceledOrder"][];
        /** @enum {string} */
        ChannelName: "training" | "backtest" | "alerts" | "dashboard";
        /** @description The data of one event of the channel that the path names */
        ChannelPublication: components["schemas"]["TrainingProgress"] | components["schemas"]["BacktestProgress"] | components["schemas"]["RiskAlert"] | components["schemas"]["DashboardUpdate"];
        ChannelStanding: {
            /** @description The client_id of each connection */
            clients: string[];
            connection_count: number;
        };
        ChannelStatus: {
            channels: {
                alerts: components["schemas"]["ChannelStanding"];
                backtest: components["schemas"]["ChannelStanding"];
                dashboard: components["schemas"]["ChannelStanding"];
                training: components["schemas"]["ChannelStanding"];
            };
            /** @constant */
            status: "active";
            total_connections: number;
        };
        /** @description Named events, each with an envelope of event, data and timestamp */
        ChannelStream: string;
        Clock: {
            is_open: boolean;
            /** Format: date-time */
            next_close: string;
            /** Format: date-time */
            next_open: string;
            /**
             * Format: date-time
             * @description In New York
             */
            timestamp: string;
        };
        /** @description Unnamed events: 'The current time is Fri Nov 20 15:04:05 2026' */
        ClockStream: string;
        /**
         * @description Where open positions are closed: at the last bar's close, its open, or not
         * @enum {string}
         */
        CloseAtEnd: "open" | "close" | "none";
        ClosedPosition: {
            body: components["schemas"]["Order"] | components["schemas"]["AlpacaError"];
            /** @description 200: body is the closing order */
            status: number;
            symbol: string;
        };
        ClosedPositions: components["schemas"]["ClosedPosition"][];
        /** @description The largest position */
        Concentration: {
            fraction: number | null;
            symbol: string | null;
            value: number;
        };
        Connected: {
            channel: components["schemas"]["ChannelName"];
            client_id: string;
            message: string;
        };
        ConnectedEvent: {
            data: components["schemas"]["Connected"];
            /** @constant */
            event: "connected";
            timestamp: components["schemas"]["Time"];
        };
        CryptoSnapshots: {
            snapshots: components["schemas"]["SnapshotsBySymbol"];
        };
        CurvePoint: {
            /** @description A fraction, negative */
            drawdown: number;
            equity: number;
            time: components["schemas"]["Time"];
        };
        /** @default 1000 */
        CurvePointLimit: number;
        /** @description Of what the account holds; the default account: of other symbols too */
        DashboardMarket: {
            quotes: components["schemas"]["SymbolQuote"][];
        };
        DashboardMetrics: {
            balance: number;
            buying_power: number;
            day_pnl: number;
            drawdown: number;
            equity: number;
            gross_exposure: number;
            max_drawdown: number;
            peak: number;
            realized_pnl: number;
            state: components["schemas"]["AccountState"];
            timestamp: components["schemas"]["Time"];
            trades_executed: number;
            unrealized_pnl: number;
        };
        DashboardOrders: {
            /** @description The newest 40 open ones */
            orders: components["schemas"]["Order"][];
            total: number;
        };
        DashboardPositions: {
            /** @description The largest 200 by value */
            positions: components["schemas"]["PaperPosition"][];
            total: number;
        };
        /** @description The server's own are ServerDashboardUpdates; others may publish any data */
        DashboardUpdate: {
            /** @description paper if missing */
            account?: string | null;
            data: unknown;
            update_type: components["schemas"]["DashboardUpdateType"];
        } & {
            [key: string]: unknown;
        };
        DashboardUpdateEvent: {
            data: components["schemas"]["DashboardUpdate"];
            /** @constant */
            event: "dashboard_update";
            timestamp: components["schemas"]["Time"];
        };
        /** @enum {string} */
        DashboardUpdateType: "metrics" | "positions" | "orders" | "market";
        /** @description A decimal number as a string, exact */
        Decimal: string;
        /** @description A decimal number: a string, or a JSON number, which is read as it is written */
        DecimalInput: number | string;
        /**
         * @default desc
         * @enum {string}
         */
        Descending: "asc" | "desc";
        Drain: {
            after_ms: number;
        };
        DrainEvent: {
            data: components["schemas"]["Drain"];
            /** @constant */
            event: "drain";
            timestamp: components["schemas"]["Time"];
        };
        /** @description State of a topic paper/<account>/equity, type equity */
        Equity: {
            account: string;
            /** @description Cash */
            balance: number;
            /** @description The largest by value */
            current_position: components["schemas"]["PaperPosition"] | null;
            day_pnl: number;
            equity: number;
            /** @description A fraction, negative */
            max_drawdown: number;
            /** @description The largest 200 by value */
            positions: components["schemas"]["PaperPosition"][];
            positions_total: number;
            realized_pnl: number;
            timestamp: components["schemas"]["Time"];
            /** @description Fills */
            trades_executed: number;
            unrealized_pnl: number;
        };
        EquityHistory: {
            equity_history: components["schemas"]["EquityPoint"][];
            interval: components["schemas"]["Timeframe"];
        };
        EquityPoint: {
            balance: number;
            /** @description A fraction, negative */
            drawdown: number;
            equity: number;
            timestamp: components["schemas"]["Time"];
        };
        /** @description Unnamed events, each with one Equity, at once and when it has changed */
        EquityStream: string;
        /** @enum {string} */
        EventCategory: "data_sync" | "provider" | "ai" | "import" | "portfolio" | "security";
        /** @description GET /api/v1/events/registry lists them */
        EventName: string;
        /** @description With the fields that the registry names; others pass through */
        EventPayload: {
            [key: string]: unknown;
        };
        EventRegistry: {
            categories: components["schemas"]["EventCategory"][];
            events: components["schemas"]["EventType"][];
        };
        EventsHeartbeat: {
            head: string;
            server_time: components["schemas"]["Time"];
        };
        EventType: {
            category: components["schemas"]["EventCategory"];
            event: string;
            /** @description The type of each field that the payload has to have */
            payload: {
                [key: string]: "string" | "number" | "decimal" | "boolean" | "array" | "any";
            };
        };
        Exposure: {
            gross: number;
            /** @description Null: there is no equity */
            gross_fraction: number | null;
            long: number;
            net: number;
            net_fraction: number | null;
            short: number;
        };
        /** @description Why a fill has its price */
        FillExplanation: {
            fee_rate: number;
            /** @description Which of the book: 1 is the best */
            levels: number;
            /** @enum {string} */
            liquidity: "maker" | "taker";
            /** @enum {string} */
            model: "quote" | "book" | "bar";
            slippage: number;
            source_price: number;
        };
        /** @description What could not be replayed */
        Gap: {
            missed: null;
            /** @enum {string} */
            reason: "expired" | "unknown_epoch" | "malformed" | "future";
            requested: string;
            resumed_at: string;
        };
        GapEvent: {
            data: components["schemas"]["Gap"];
            /** @constant */
            event: "gap";
            timestamp: components["schemas"]["Time"];
        };
        Heartbeat: {
            /** @description Since the last update of any market */
            feed_age_ms: number | null;
            head: string;
            server_time: components["schemas"]["Time"];
        };
        Hello: {
            /** @description The id of the newest record */
            head: string;
            /** @enum {string} */
            resume: "live" | "continuous" | "gap";
            server_time: components["schemas"]["Time"];
        };
        /** @enum {string} */
        HistoryTimeframe: "1Min" | "5Min" | "15Min" | "1H" | "1D";
        Import: components["schemas"]["JobFacts"] & {
            import_id: string;
            /** @description When it is over */
            report: components["schemas"]["ImportReport"] | null;
            request: components["schemas"]["ImportOrder"];
        };
        /** @description CSV, with or without gzip, of any length */
        ImportFile: string;
        /** @description A form with one file */
        ImportForm: {
            [key: string]: string;
        };
        /**
         * @default auto
         * @enum {string}
         */
        ImportFormat: "auto" | "csv" | "lean";
        /** @description The request as it was understood */
        ImportOrder: {
            asset_class: components["schemas"]["AssetClass"];
            bytes: number;
            day: string;
            file_name: string;
            /** @enum {string} */
            format: "auto" | "csv" | "lean";
            /** @description Empty: a column says so */
            symbol: string;
            timeframe: components["schemas"]["Timeframe"];
            upload: string;
        };
        /** @description Event import_progress of a topic jobs/import/<id> */
        ImportProgress: {
            import_id: string;
            message: string;
            progress: components["schemas"]["Progress"];
            rate?: number;
            rate_unit?: string;
            report?: components["schemas"]["ImportReport"];
            status: components["schemas"]["TaskStatus"];
            time_left_s?: number;
        };
        ImportReport: {
            bad: number;
            bad_by_reason: {
                [key: string]: number;
            };
            /** @description The first ones */
            bad_rows: components["schemas"]["BadRow"][];
            bytes: number;
            /** @description Why it failed */
            error: string | null;
            first: components["schemas"]["Time"] | null;
            imported: number;
            last: components["schemas"]["Time"] | null;
            rows: number;
            /** @enum {string} */
            status: "completed" | "failed" | "cancelled";
            symbols: number;
            unsorted: number;
        };
        Imports: components["schemas"]["PageFacts"] & {
            imports: components["schemas"]["Import"][];
        };
        ImportStanding: {
            import_id: string;
            status: components["schemas"]["JobStatus"];
        };
        /** @description 0: every update; others are rounded up to 50ms, 100ms, 250ms, ... 10s */
        Interval: string;
        /** @description What is known of any job */
        JobFacts: {
            created_at: components["schemas"]["Time"];
            ended_at: components["schemas"]["Time"] | null;
            message: string;
            progress: number;
            /** @description Bars, rounds or rows done */
            records: number;
            started_at: components["schemas"]["Time"] | null;
            status: components["schemas"]["JobStatus"];
        };
        /** @enum {string} */
        JobStatus: "queued" | "running" | "completed" | "failed" | "cancelled";
        /**
         * @default all
         * @enum {string}
         */
        JobStatusFilter: "all" | "queued" | "running" | "completed" | "failed" | "cancelled";
        LimitStanding: {
            action: components["schemas"]["RiskAction"];
            broken: boolean;
            /** @description 0: none */
            limit: number;
            /** @enum {string} */
            metric: "var" | "drawdown" | "day_drawdown" | "gross" | "net" | "concentration";
            severity: components["schemas"]["Severity"];
            /** @description value / limit */
            used: number | null;
            value: number | null;
        };
        LimitStandings: {
            concentration_limit: components["schemas"]["LimitStanding"];
            day_drawdown_limit: components["schemas"]["LimitStanding"];
            drawdown_limit: components["schemas"]["LimitStanding"];
            gross_limit: components["schemas"]["LimitStanding"];
            net_limit: components["schemas"]["LimitStanding"];
            var_limit: components["schemas"]["LimitStanding"];
        };
        /** @default 1000 */
        ListLimit: number;
        /** @description A trade (price), a quote (bid, ask), or both */
        MarketTick: {
            ask?: components["schemas"]["DecimalInput"];
            ask_size?: components["schemas"]["DecimalInput"];
            asset_class?: components["schemas"]["AssetClass"];
            bid?: components["schemas"]["DecimalInput"];
            bid_size?: components["schemas"]["DecimalInput"];
            price?: components["schemas"]["DecimalInput"];
            size?: components["schemas"]["DecimalInput"];
            time?: string;
            /** @description Replaces the day's */
            volume?: components["schemas"]["DecimalInput"];
        };
        MonthReturn: {
            month: string;
            return: number;
        };
        /** @enum {string} */
        Multiplier: "1" | "2" | "4";
        /** @description Of the server's own topics: a ServerEvent; others carry what was published */
        NativeEvent: {
            /** @description Null: the state's key was deleted */
            data: unknown;
            /** @description Of state that has several keys; not in a batch */
            key?: string;
            time: components["schemas"]["Time"];
            topic: string;
            type: string;
        };
        /** @description Events named by their types; with named=false all of them are unnamed */
        NativeStream: string;
        /** @description What is not given is as the default account's */
        NewPaperAccount: {
            cash?: components["schemas"]["DecimalInput"] | null;
            fee?: components["schemas"]["DecimalInput"] | null;
            fee_min?: components["schemas"]["DecimalInput"] | null;
            fee_per_share?: components["schemas"]["DecimalInput"] | null;
            /** @enum {unknown} */
            multiplier?: 1 | 2 | 4 | "1" | "2" | "4" | null;
            name: string;
            /** @description The subject of tokens that may use it */
            owner?: string | null;
            slippage_bps?: components["schemas"]["DecimalInput"] | null;
        };
        /** @default 0 */
        Offset: number;
        Order: {
            asset_class: components["schemas"]["AssetClass"];
            asset_id: components["schemas"]["Uuid"];
            canceled_at: components["schemas"]["Time"] | null;
            client_order_id: string;
            created_at: components["schemas"]["Time"];
            expired_at: components["schemas"]["Time"] | null;
            expires_at: null;
            extended_hours: boolean;
            failed_at: components["schemas"]["Time"] | null;
            filled_at: components["schemas"]["Time"] | null;
            filled_avg_price: components["schemas"]["Decimal"] | null;
            filled_qty: components["schemas"]["Decimal"];
            filled_value: components["schemas"]["Decimal"];
            /** @description The best price that a trail has seen */
            hwm: components["schemas"]["Decimal"] | null;
            id: components["schemas"]["Uuid"];
            /** @enum {unknown} */
            leg_role: "take_profit" | "stop_loss" | null;
            /** @description Null where they are not nested */
            legs: components["schemas"]["Order"][] | null;
            limit_price: components["schemas"]["Decimal"] | null;
            /** @description What was asked for: this or qty */
            notional: components["schemas"]["Decimal"] | null;
            order_class: components["schemas"]["OrderClass"];
            order_type: components["schemas"]["OrderType"];
            parent_id: components["schemas"]["Uuid"] | null;
            position_intent: components["schemas"]["PositionIntent"];
            qty: components["schemas"]["Decimal"] | null;
            ratio_qty: null;
            replaced_at: components["schemas"]["Time"] | null;
            replaced_by: components["schemas"]["Uuid"] | null;
            replaces: components["schemas"]["Uuid"] | null;
            /** @description That buying power is held at */
            reserve_price: components["schemas"]["Decimal"] | null;
            side: components["schemas"]["Side"];
            /** @description Of an order by notional */
            sized_qty?: components["schemas"]["Decimal"] | null;
            status: components["schemas"]["OrderStatus"];
            stop_loss_id: components["schemas"]["Uuid"] | null;
            stop_price: components["schemas"]["Decimal"] | null;
            submitted_at: components["schemas"]["Time"];
            symbol: string;
            take_profit_id: components["schemas"]["Uuid"] | null;
            time_in_force: components["schemas"]["TimeInForce"];
            trail_percent: components["schemas"]["Decimal"] | null;
            trail_price: components["schemas"]["Decimal"] | null;
            /** @description A stop that was reached */
            triggered: boolean;
            type: components["schemas"]["OrderType"];
            updated_at: components["schemas"]["Time"];
        };
        OrderChange: {
            client_order_id?: string | null;
            limit_price?: components["schemas"]["DecimalInput"] | null;
            qty?: components["schemas"]["DecimalInput"] | null;
            stop_price?: components["schemas"]["DecimalInput"] | null;
            time_in_force?: components["schemas"]["TimeInForce"] | null;
            trail?: components["schemas"]["DecimalInput"] | null;
        };
        /** @enum {string} */
        OrderClass: "simple" | "bracket" | "oco" | "oto";
        /** @description A record of paper/<account>/orders, or of /fills; null where it is no fill */
        OrderEvent: {
            account: string;
            account_id: components["schemas"]["Uuid"];
            at: components["schemas"]["Time"];
            /** @description After it */
            cash: components["schemas"]["Decimal"] | null;
            event: components["schemas"]["OrderEventKind"];
            execution_id: components["schemas"]["Uuid"] | null;
            explain: components["schemas"]["FillExplanation"] | null;
            fee: components["schemas"]["Decimal"] | null;
            order: components["schemas"]["Order"];
            /** @description After it */
            position_qty: components["schemas"]["Decimal"] | null;
            price: components["schemas"]["Decimal"] | null;
            qty: components["schemas"]["Decimal"] | null;
            /** @description Of the account, after it */
            realized_pnl: components["schemas"]["Decimal"] | null;
            /** @description Why it was refused or restated */
            reason: string | null;
            timestamp: components["schemas"]["Time"];
            /** @description Realized by this fill */
            trade_pnl: components["schemas"]["Decimal"] | null;
        };
        /** @enum {string} */
        OrderEventKind: "new" | "accepted" | "held" | "fill" | "partial_fill" | "canceled" | "expired" | "replaced" | "rejected" | "restated";
        /** @default 50 */
        OrderLimit: number;
        /** @description Members that are not named here are taken and ignored */
        OrderRequest: {
            client_order_id?: string | null;
            extended_hours?: boolean | null;
            limit_price?: components["schemas"]["DecimalInput"] | null;
            notional?: components["schemas"]["DecimalInput"] | null;
            /** @enum {unknown} */
            order_class?: "simple" | "bracket" | "oco" | "oto" | "" | null;
            position_intent?: components["schemas"]["PositionIntent"] | null;
            /** @description This or notional */
            qty?: components["schemas"]["DecimalInput"] | null;
            side: components["schemas"]["Side"];
            stop_loss?: components["schemas"]["StopLoss"] | null;
            stop_price?: components["schemas"]["DecimalInput"] | null;
            symbol: string;
            take_profit?: components["schemas"]["TakeProfit"] | null;
            time_in_force: components["schemas"]["TimeInForce"];
            trail_percent?: components["schemas"]["DecimalInput"] | null;
            trail_price?: components["schemas"]["DecimalInput"] | null;
            type: components["schemas"]["OrderType"];
        };
        Orders: components["schemas"]["Order"][];
        /**
         * @description Final: filled, canceled, expired, replaced, rejected
         * @enum {string}
         */
        OrderStatus: "new" | "partially_filled" | "filled" | "done_for_day" | "canceled" | "expired" | "replaced" | "pending_cancel" | "pending_replace" | "pending_review" | "accepted" | "pending_new" | "accepted_for_bidding" | "stopped" | "rejected" | "suspended" | "calculated" | "held";
        /**
         * @default open
         * @enum {string}
         */
        OrderStatusFilter: "open" | "closed" | "all";
        /** @enum {string} */
        OrderType: "market" | "limit" | "stop" | "stop_limit" | "trailing_stop";
        PageFacts: {
            limit: number;
            offset: number;
            total: number;
        };
        /** @default 50 */
        PageLimit: number;
        PaperAccount: {
            /** @description At the start */
            cash: number;
            created_at: components["schemas"]["Time"];
            /** @description A fraction of a trade's value */
            fee: number;
            fee_min: number;
            fee_per_share: number;
            key_id: string;
            last_activity: components["schemas"]["Time"];
            /** @enum {integer} */
            multiplier: 1 | 2 | 4;
            name: string;
            /** @description The subject of tokens that may use it */
            owner: string | null;
            slippage_bps: number;
            state: components["schemas"]["AccountState"];
        };
        /** @description The secret is shown this once */
        PaperAccountKeys: {
            key_id: string;
            name: string;
            secret: string;
        };
        PaperAccounts: {
            accounts: components["schemas"]["PaperAccount"][];
        };
        PaperPosition: {
            avg_price: number;
            market_value: number;
            /** @description The last one, or the average while there is none */
            price: number;
            /** @description Below 0: short */
            quantity: number;
            symbol: string;
            unrealized_pnl: number;
        };
        PaperStatus: components["schemas"]["Equity"] & {
            open_orders: number;
            /** @description Not halted */
            running: boolean;
            /** @description Opened, or reset last */
            started_at: components["schemas"]["Time"];
            state: components["schemas"]["AccountState"];
            /** @description What trades the account, or none */
            strategy: string;
        };
        /** @description One fill */
        PaperTrade: {
            explain: components["schemas"]["FillExplanation"];
            fee: number;
            /** Format: uuid */
            id: string;
            /** Format: uuid */
            order_id: string;
            price: number;
            quantity: number;
            realized_pnl: number;
            side: components["schemas"]["Side"];
            symbol: string;
            timestamp: components["schemas"]["Time"];
        };
        PaperTrades: {
            limit: number;
            offset: number;
            total: number;
            trades: components["schemas"]["PaperTrade"][];
        };
        /** @description Values, or lists of them: all combinations make a sweep */
        ParameterLists: {
            [key: string]: components["schemas"]["ParameterValue"] | components["schemas"]["ParameterValue"][];
        };
        ParameterValue: number | boolean | string;
        ParameterValues: {
            [key: string]: components["schemas"]["ParameterValue"];
        };
        PingEvent: {
            data: {
                timestamp: components["schemas"]["Time"];
            };
            /** @constant */
            event: "ping";
        };
        /**
         * @default no_reset
         * @enum {string}
         */
        PnlReset: "per_day" | "no_reset";
        /** @description Columns of one length; null: nothing was known then */
        PortfolioHistory: {
            base_value: number;
            /** Format: date */
            base_value_asof?: string;
            /** @description Empty: nothing is paid in or out */
            cashflow: Record<string, never>;
            equity: (number | null)[];
            profit_loss: (number | null)[];
            /** @description Fractions */
            profit_loss_pct: (number | null)[];
            timeframe: components["schemas"]["HistoryTimeframe"];
            /** @description Seconds since 1970 */
            timestamp: number[];
        };
        Position: {
            asset_class: components["schemas"]["AssetClass"];
            asset_id: components["schemas"]["Uuid"];
            asset_marginable: boolean;
            avg_entry_price: components["schemas"]["Decimal"];
            /** @description A fraction */
            change_today: components["schemas"]["Decimal"];
            cost_basis: components["schemas"]["Decimal"];
            current_price: components["schemas"]["Decimal"];
            exchange: string;
            lastday_price: components["schemas"]["Decimal"];
            market_value: components["schemas"]["Decimal"];
            /** @description Below 0: short */
            qty: components["schemas"]["Decimal"];
            /** @description Without what closing orders hold */
            qty_available: components["schemas"]["Decimal"];
            /** @enum {string} */
            side: "long" | "short";
            symbol: string;
            unrealized_intraday_pl: components["schemas"]["Decimal"];
            unrealized_intraday_plpc: components["schemas"]["Decimal"];
            unrealized_pl: components["schemas"]["Decimal"];
            /** @description A fraction */
            unrealized_plpc: components["schemas"]["Decimal"];
        };
        /** @enum {string} */
        PositionIntent: "buy_to_open" | "buy_to_close" | "sell_to_open" | "sell_to_close";
        Positions: components["schemas"]["Position"][];
        /** @description Data of an event of /stream, and of /sse/{symbol}?format=json */
        Price: {
            asset: string;
            /** @description Percent since the last price before the day */
            change: number;
            price: number;
            timestamp: components["schemas"]["Time"];
        };
        /**
         * @default text
         * @enum {string}
         */
        PriceFormat: "text" | "json";
        /** @description Unnamed events, each with one Price */
        PriceStream: string;
        /** @description What is wrong, and what is right (RFC 9457) */
        Problem: {
            detail: string;
            /** @description The member or parameter at fault */
            field?: string;
            status: number;
            /** @description The status in words */
            title: string;
            /** @constant */
            type: "about:blank";
        };
        Progress: number;
        /** @description Those that are known yet */
        ProgressResults: {
            annual_return?: number | null;
            buy_and_hold_return?: number | null;
            calmar_ratio?: number | null;
            /** @description The curve since the last event, at most 200 points */
            equity?: {
                equity: number;
                time: components["schemas"]["Time"];
            }[];
            exposure?: number | null;
            fees?: number;
            final_equity?: number;
            max_drawdown?: number | null;
            profit_factor?: number | null;
            sharpe_ratio?: number | null;
            sortino_ratio?: number | null;
            sqn?: number | null;
            total_return?: number | null;
            trades?: number;
            volatility?: number | null;
            win_rate?: number | null;
        } & {
            [key: string]: unknown;
        };
        Publication: components["schemas"]["PublishItem"] | components["schemas"]["PublishItem"][];
        /** @description One PublishItem a line */
        PublicationLines: string;
        PublishedId: {
            /** @description Null: it is state */
            id: string | null;
        };
        PublishedIds: {
            /** @description In the order of the items; null: state, or market data */
            ids: (string | null)[];
        };
        PublishItem: {
            /**
             * @description record if missing
             * @enum {string}
             */
            class?: "record" | "state";
            /** @description Any value; null deletes a key of state */
            data: unknown;
            /** @description Of state */
            key?: string;
            /** @description market/<symbol> takes a MarketTick */
            topic: string;
            /** @description message if missing */
            type?: string;
        };
        /** @description State of a topic market/<symbol>, type quote */
        Quote: {
            /** @description 0: none */
            ask: number;
            ask_size: number;
            /** @description 0: none */
            bid: number;
            bid_size: number;
            /** @description Percent since the last price before the day */
            change: number;
            /** @description The last one */
            price: number;
            time: components["schemas"]["Time"];
            /** @description Of the day */
            volume: number;
        };
        QuoteBySymbol: {
            quotes: {
                [key: string]: components["schemas"]["AlpacaQuote"];
            };
        };
        /** @description Those that have a price already */
        Quotes: {
            quotes: components["schemas"]["SymbolQuote"][];
        };
        /** @description RFC 3339, or a day such as 2024-01-04 */
        RangeEnd: string;
        Risk: {
            account: string;
            concentration: components["schemas"]["Concentration"];
            confidence: number;
            /** @description Share of the exposure with history */
            covered: number | null;
            cvar: components["schemas"]["TailRisk"];
            day_drawdown: number | null;
            day_start: number;
            /** @description Of history */
            days: number;
            /** @description A fraction, positive */
            drawdown: number | null;
            equity: number;
            /** @description Days that lost more than was at risk */
            exceedances: number;
            exposure: components["schemas"]["Exposure"];
            limits: components["schemas"]["LimitStandings"];
            max_drawdown: number | null;
            /** @description That the limit is for */
            method: components["schemas"]["VarMethod"];
            peak: number;
            /** @description Why there is no value at risk */
            reason: string | null;
            timestamp: components["schemas"]["Time"];
            var: components["schemas"]["TailRisk"];
            var_at_roll: number | null;
        };
        /** @enum {string} */
        RiskAction: "alert" | "reduce" | "halt";
        /** @description Event risk_alert; other members pass through */
        RiskAlert: {
            alert_type: string;
            entity_id?: string | null;
            entity_type?: string | null;
            message: string;
            metric_name?: string | null;
            metric_value?: number | null;
            severity: components["schemas"]["Severity"];
            threshold?: number | null;
        } & {
            [key: string]: unknown;
        };
        RiskAlertEvent: {
            data: components["schemas"]["RiskAlert"];
            /** @constant */
            event: "risk_alert";
            timestamp: components["schemas"]["Time"];
        };
        /** @description Of all accounts; a limit of 0 is none */
        RiskLimits: {
            concentration_limit: number;
            concentration_limit_action: components["schemas"]["RiskAction"];
            concentration_limit_severity: components["schemas"]["Severity"];
            day_drawdown_limit: number;
            day_drawdown_limit_action: components["schemas"]["RiskAction"];
            day_drawdown_limit_severity: components["schemas"]["Severity"];
            drawdown_limit: number;
            drawdown_limit_action: components["schemas"]["RiskAction"];
            drawdown_limit_severity: components["schemas"]["Severity"];
            gross_limit: number;
            gross_limit_action: components["schemas"]["RiskAction"];
            gross_limit_severity: components["schemas"]["Severity"];
            hysteresis: number;
            max_order_qty: number;
            max_order_value: number;
            max_orders_per_s: number;
            net_limit: number;
            net_limit_action: components["schemas"]["RiskAction"];
            net_limit_severity: components["schemas"]["Severity"];
            price_collar: number;
            var_confidence: number;
            var_limit: number;
            var_limit_action: components["schemas"]["RiskAction"];
            var_limit_severity: components["schemas"]["Severity"];
            var_method: components["schemas"]["VarMethod"];
        };
        /** @description Those to change; null: as configured */
        RiskLimitsChange: {
            concentration_limit?: components["schemas"]["DecimalInput"] | null;
            concentration_limit_action?: components["schemas"]["RiskAction"] | null;
            concentration_limit_severity?: components["schemas"]["Severity"] | null;
            day_drawdown_limit?: components["schemas"]["DecimalInput"] | null;
            day_drawdown_limit_action?: components["schemas"]["RiskAction"] | null;
            day_drawdown_limit_severity?: components["schemas"]["Severity"] | null;
            drawdown_limit?: components["schemas"]["DecimalInput"] | null;
            drawdown_limit_action?: components["schemas"]["RiskAction"] | null;
            drawdown_limit_severity?: components["schemas"]["Severity"] | null;
            gross_limit?: components["schemas"]["DecimalInput"] | null;
            gross_limit_action?: components["schemas"]["RiskAction"] | null;
            gross_limit_severity?: components["schemas"]["Severity"] | null;
            hysteresis?: components["schemas"]["DecimalInput"] | null;
            max_order_qty?: components["schemas"]["DecimalInput"] | null;
            max_order_value?: components["schemas"]["DecimalInput"] | null;
            max_orders_per_s?: number | string | null;
            net_limit?: components["schemas"]["DecimalInput"] | null;
            net_limit_action?: components["schemas"]["RiskAction"] | null;
            net_limit_severity?: components["schemas"]["Severity"] | null;
            price_collar?: components["schemas"]["DecimalInput"] | null;
            var_confidence?: components["schemas"]["DecimalInput"] | null;
            var_limit?: components["schemas"]["DecimalInput"] | null;
            var_limit_action?: components["schemas"]["RiskAction"] | null;
            var_limit_severity?: components["schemas"]["Severity"] | null;
            var_method?: components["schemas"]["VarMethod"] | null;
        };
        /** @enum {string} */
        RowFault: "missing_columns" | "bad_symbol" | "bad_time" | "bad_number" | "bad_price" | "high_below_low" | "outside_range" | "bad_volume" | "duplicate" | "line_too_long" | "too_many_symbols";
        ServerDashboardUpdate: {
            account: string;
            data: components["schemas"]["DashboardMetrics"];
            /** @constant */
            update_type: "metrics";
        } | {
            account: string;
            data: components["schemas"]["DashboardPositions"];
            /** @constant */
            update_type: "positions";
        } | {
            account: string;
            data: components["schemas"]["DashboardOrders"];
            /** @constant */
            update_type: "orders";
        } | {
            account: string;
            data: components["schemas"]["DashboardMarket"];
            /** @constant */
            update_type: "market";
        };
        /** @description The events of the server's own topics, by type */
        ServerEvent: {
            data: components["schemas"]["Quote"];
            time: components["schemas"]["Time"];
            topic: string;
            /** @constant */
            type: "quote";
        } | {
            data: components["schemas"]["Equity"];
            time: components["schemas"]["Time"];
            topic: string;
            /** @constant */
            type: "equity";
        } | {
            /** @description Null: it was closed */
            data: components["schemas"]["PaperPosition"] | null;
            /** @description The symbol, also of a position that was closed */
            key: string;
            time: components["schemas"]["Time"];
            topic: string;
            /** @constant */
            type: "position";
        } | {
            data: components["schemas"]["OrderEvent"];
            time: components["schemas"]["Time"];
            topic: string;
            type: components["schemas"]["OrderEventKind"];
        } | {
            data: components["schemas"]["TrainingProgress"];
            time: components["schemas"]["Time"];
            topic: string;
            /** @constant */
            type: "training_progress";
        } | {
            data: components["schemas"]["BacktestProgress"];
            time: components["schemas"]["Time"];
            topic: string;
            /** @constant */
            type: "backtest_progress";
        } | {
            data: components["schemas"]["ImportProgress"];
            time: components["schemas"]["Time"];
            topic: string;
            /** @constant */
            type: "import_progress";
        } | {
            data: components["schemas"]["RiskAlert"];
            time: components["schemas"]["Time"];
            topic: string;
            /** @constant */
            type: "risk_alert";
        } | {
            data: components["schemas"]["DashboardUpdate"];
            time: components["schemas"]["Time"];
            topic: string;
            /** @constant */
            type: "dashboard_update";
        };
        /** @enum {string} */
        Severity: "low" | "medium" | "high" | "critical";
        /** @enum {string} */
        Side: "buy" | "sell";
        Slow: {
            skipped: number;
        };
        SlowEvent: {
            data: components["schemas"]["Slow"];
            /** @constant */
            event: "slow";
            timestamp: components["schemas"]["Time"];
        };
        Snapshot: {
            dailyBar: components["schemas"]["AlpacaBar"] | null;
            latestQuote: components["schemas"]["AlpacaQuote"] | null;
            latestTrade: components["schemas"]["AlpacaTrade"] | null;
            minuteBar: components["schemas"]["AlpacaBar"] | null;
            prevDailyBar: components["schemas"]["AlpacaBar"] | null;
        };
        SnapshotsBySymbol: {
            [key: string]: components["schemas"]["Snapshot"];
        };
        /** @description An answer of /healthz and /readyz */
        Standing: {
            /** @enum {string} */
            status: "ok" | "ready";
        };
        StopLoss: {
            limit_price?: components["schemas"]["DecimalInput"] | null;
            stop_price: components["schemas"]["DecimalInput"];
        };
        Strategies: {
            /** @description The names of results */
            rank_by: string[];
            strategies: components["schemas"]["Strategy"][];
        };
        Strategy: {
            description: string;
            name: string;
            parameters: components["schemas"]["StrategyParameter"][];
            /** @description Trades all symbols as one */
            portfolio: boolean;
        };
        StrategyParameter: {
            default: components["schemas"]["ParameterValue"];
            description: string;
            maximum?: number;
            minimum?: number;
            name: string;
            /** @enum {string} */
            type: "integer" | "number" | "boolean" | "string";
        };
        /**
         * @default events
         * @enum {string}
         */
        StreamForm: "events" | "batch";
        SweepRow: {
            params: components["schemas"]["ParameterValues"];
            results: components["schemas"]["BacktestResults"];
            ruined: boolean;
        };
        SweepSummary: {
            best: components["schemas"]["SweepRow"] | null;
            combinations: number;
            rank_by: string;
            /** @description That make no sense */
            skipped: number;
        };
        SweepTable: components["schemas"]["PageFacts"] & {
            backtest_id: string;
            sweep: components["schemas"]["SweepRow"][];
        };
        Symbol: {
            asset_class: components["schemas"]["AssetClass"];
            symbol: string;
        };
        SymbolBar: {
            bar: components["schemas"]["AlpacaBar"];
            symbol: string;
        };
        SymbolBars: {
            bars: components["schemas"]["AlpacaBar"][];
            next_page_token: string | null;
            symbol: string;
        };
        SymbolLatestQuote: {
            quote: components["schemas"]["AlpacaQuote"];
            symbol: string;
        };
        SymbolList: string | string[];
        SymbolNotFound: {
            /** @constant */
            error: "Symbol not found";
        };
        /** @description Unnamed events: 'AAPL price is 187.34', or with format=json one Price */
        SymbolPriceStream: string;
        SymbolQuote: components["schemas"]["Quote"] & {
            symbol: string;
        };
        Symbols: {
            symbols: components["schemas"]["Symbol"][];
        };
        SymbolSnapshot: components["schemas"]["Snapshot"] & {
            symbol: string;
        };
        SymbolTrade: {
            symbol: string;
            trade: components["schemas"]["AlpacaTrade"];
        };
        /** @description Fractions of equity by method; null: not to be known, see reason */
        TailRisk: {
            historical: number | null;
            monte_carlo: number | null;
            parametric: number | null;
        };
        TakeProfit: {
            limit_price: components["schemas"]["DecimalInput"];
        };
        /**
         * @description The last three are final
         * @enum {string}
         */
        TaskStatus: "queued" | "started" | "running" | "completed" | "failed" | "cancelled";
        /**
         * Format: date-time
         * @description RFC 3339 in UTC with microseconds; with nanoseconds where they are known
         */
        Time: string;
        /** @enum {string} */
        Timeframe: "1s" | "1m" | "5m" | "15m" | "1h" | "1d";
        /** @default 1d */
        TimeframeOrDay: components["schemas"]["Timeframe"];
        /** @default 1m */
        TimeframeOrMinute: components["schemas"]["Timeframe"];
        /** @enum {string} */
        TimeInForce: "day" | "gtc" | "ioc" | "fok" | "opg" | "cls";
        TradeBySymbol: {
            trades: {
                [key: string]: components["schemas"]["AlpacaTrade"];
            };
        };
        TradeEvent: components["schemas"]["OrderEvent"] & {
            event_id: string;
        };
        /** @description Unnamed events, each with one TradeEvent */
        TradeEventStream: string;
        /** @description From rounds_run on: when it is completed */
        Training: components["schemas"]["TrainingSummary"] & {
            bars?: number;
            data_hash?: string;
            from?: components["schemas"]["Time"];
            /** @description Share of the gain, by feature */
            importance?: {
                [key: string]: number;
            };
            rounds_run?: number;
            seed?: number;
            /** @description Where the validation begins */
            split?: components["schemas"]["Time"];
            symbols?: string[];
            timeframe?: components["schemas"]["Timeframe"];
            to?: components["schemas"]["Time"];
            training_samples?: number;
            validation_samples?: number;
            /** @description Share of rising samples */
            validation_up?: number | null;
            version?: string;
        };
        TrainingMetrics: {
            accuracy?: number | null;
            loss?: number | null;
            /** @description The newest, at the end the best one */
            round?: number;
            /** @description Those since the last event, thinned */
            rounds?: components["schemas"]["TrainingRound"][];
            val_accuracy?: number | null;
            val_loss?: number | null;
        } & {
            [key: string]: unknown;
        };
        /** @description The request as it was understood */
        TrainingOrder: {
            from?: components["schemas"]["Time"];
            model: string;
            params: components["schemas"]["ParameterValues"];
            rounds: number;
            symbols: string[];
            timeframe: components["schemas"]["Timeframe"];
            to?: components["schemas"]["Time"];
        };
        /** @description Event training_progress; other members pass through */
        TrainingProgress: {
            message?: string | null;
            metrics?: components["schemas"]["TrainingMetrics"] | null;
            progress: components["schemas"]["Progress"];
            /** @description Of the server's own jobs */
            rate?: number;
            rate_unit?: string;
            status: components["schemas"]["TaskStatus"];
            task_id: string;
            time_left_s?: number;
        } & {
            [key: string]: unknown;
        };
        TrainingProgressEvent: {
            data: components["schemas"]["TrainingProgress"];
            /** @constant */
            event: "training_progress";
            timestamp: components["schemas"]["Time"];
        };
        TrainingRequest: {
            from?: components["schemas"]["RangeEnd"] | null;
            /** @enum {unknown} */
            model?: "direction" | null;
            params?: components["schemas"]["ParameterValues"] | null;
            /** @description 100 if missing */
            rounds?: number | null;
            symbols: components["schemas"]["SymbolList"];
            /** @description 1d if missing */
            timeframe?: components["schemas"]["Timeframe"] | null;
            to?: components["schemas"]["RangeEnd"] | null;
        };
        TrainingRound: {
            accuracy: number | null;
            loss: number | null;
            round: number;
            val_accuracy: number | null;
            val_loss: number | null;
        };
        TrainingRounds: {
            rounds: components["schemas"]["TrainingRound"][];
            task_id: string;
            total: number;
        };
        Trainings: components["schemas"]["PageFacts"] & {
            trainings: components["schemas"]["TrainingSummary"][];
        };
        TrainingStanding: {
            status: components["schemas"]["JobStatus"];
            task_id: string;
        };
        TrainingSummary: components["schemas"]["JobFacts"] & {
            /** @description Of the best round */
            metrics: components["schemas"]["TrainingRound"] | null;
            request: components["schemas"]["TrainingOrder"];
            task_id: string;
        };
        /** @default true */
        TrueByDefault: boolean;
        /** @description To one user, to some, or to all */
        UserEvent: {
            data: components["schemas"]["EventPayload"];
            event: components["schemas"]["EventName"];
            user_id: string;
        } | {
            data: components["schemas"]["EventPayload"];
            event: components["schemas"]["EventName"];
            user_ids: string[];
        } | {
            /** @constant */
            broadcast: true;
            data: components["schemas"]["EventPayload"];
            event: components["schemas"]["EventName"];
        };
        /** @description One for each user, in the order given; one for a broadcast */
        UserEventIds: {
            ids: string[];
        };
        /** @description Events named by their types, each with its payload */
        UserEventStream: string;
        /** Format: uuid */
        Uuid: string;
        /** @enum {string} */
        VarMethod: "historical" | "parametric" | "monte_carlo";
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
