#include "app/command_line.h"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string_view>

#include "config/key_table.h"
#include "config/source_spec.h"

namespace livetape::app {
namespace {

constexpr int kWrongUsage = 2;
constexpr auto kInsecure = "listen on other addresses than loopback without authentication";

// A flag that sets a configuration key. Flags count in the order in which they are given, --set among
// them: so each is taken as it is parsed.
void AddKeyFlag(CLI::App& command, config::LoadOptions& load, const char* name, const char* key,
                const std::string& help) {
  command
      .add_option_function<std::string>(
          name,
          [&load, name, key](const std::string& value) {
            load.overrides.push_back({key, value, name});
          },
          help)
      ->trigger_on_parse();
}

// What every command takes that has to do with a configuration.
void AddConfigFlags(CLI::App& command, config::LoadOptions& load) {
  command.add_option("--config", load.file, "TOML file with settings");
  AddKeyFlag(command, load, "--data-dir", "server.data_dir",
             "folder where everything is kept (livetape-data)");
  command
      .add_option_function<std::vector<std::string>>(
          "--set",
          [&load](const std::vector<std::string>& values) {
            for (const std::string& value : values) {
              auto parsed = config::ParseSet(value);
              if (!parsed) throw CLI::ValidationError("--set", parsed.error().message);
              load.overrides.push_back(*std::move(parsed));
            }
          },
          "section.key=value, any number of times; see `livetape config --keys`")
      ->trigger_on_parse()
      ->take_all()
      ->allow_extra_args(false);
}

void AddServerFlags(CLI::App& command, config::LoadOptions& load) {
  AddConfigFlags(command, load);
  AddKeyFlag(command, load, "--host", "server.host", "address to listen on (127.0.0.1)");
  AddKeyFlag(command, load, "--port", "server.port", "port to listen on (8000); 0: any free one");
  AddKeyFlag(command, load, "--source", "market.source",
             fmt::format("where prices come from (synthetic): {}", config::kSourceSpecForm));
}

void AddRecordFlags(CLI::App& command, RecordOptions& record) {
  command.add_option("--record", record.file,
                     "write every input of the trading floor to this new file, for `livetape "
                     "backtest --recording` (docs/recording.md)");
  command
      .add_option("--record-limit", record.limit_mib,
                  "MiB of that file; there the recording ends (10240)")
      ->check(CLI::Range(uint64_t{1}, uint64_t{1} << 30));
}

CLI::App* AddServeCommand(CLI::App& app, ServeCommand& serve) {
  CLI::App* const command = app.add_subcommand("serve", "Run the server until it is stopped");
  AddServerFlags(*command, serve.load);
  command->add_flag("--insecure", serve.insecure, kInsecure);
  AddRecordFlags(*command, serve.record);
  return command;
}

void AddTokenCommand(CLI::App& app, TokenCommand& token) {
  CLI::App* const command =
      app.add_subcommand("token", "Print a token for the server of the same data folder");
  AddConfigFlags(*command, token.load);
  command->add_option("--sub", token.subject, "whose token it is")->required();
  command->add_option("--scope", token.scope,
                      "what it may do (subscribe): of subscribe publish trade admin");
  command->add_option("--ttl", token.ttl, "how long it lives (1h): 90s, 15m, 1h, 30d");
  command->add_option("--sid", token.session, "its session, by which it can be revoked");
  command
      ->add_option("--topics", token.topics,
                   "patterns of the topics it may use, as a comma list; without: all but other "
                   "users' own")
      ->delimiter(',');
  command->add_option("--key", token.key, "file of the private key to sign with");
}

// Fills in `tape` when one of its subcommands is given.
void AddTapeCommands(CLI::App& app, TapeCommand& tape) {
  CLI::App* const command = app.add_subcommand("tape", "Look after the records on disk");
  command->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, TapeCommand::Action action) {
    CLI::App* const sub = command->add_subcommand(name, help);
    AddConfigFlags(*sub, tape.load);
    sub->callback([&tape, action] { tape.action = action; });
  };
  add("check", "Read all of it and tell what is damaged", TapeCommand::Action::kCheck);
  add("repair", "Keep every record before the first damage; the damaged file is moved aside",
      TapeCommand::Action::kRepair);
  add("restored", "Say that tape.db was restored from a backup: a new epoch begins",
      TapeCommand::Action::kRestored);
}

void AddBackupCommand(CLI::App& app, BackupCommand& backup) {
  CLI::App* const command = app.add_subcommand(
      "backup", "Copy the data folder, while its server runs or not, so that one can start on it");
  AddConfigFlags(*command, backup.load);
  command->add_option("TO", backup.to, "the folder to make")->required();
}

void AddImportCommand(CLI::App& app, ImportCommand& import) {
  CLI::App* const command =
      app.add_subcommand("import", "Read bars from CSV files into the data folder");
  AddConfigFlags(*command, import.load);
  command
      ->add_option("FILE", import.files,
                   "CSV files, gzip or not, or zip archives of them; - is standard input")
      ->required();
  command->add_option("--symbol", import.symbol, "whose bars they are, unless a column says so");
  command->add_option("--timeframe", import.timeframe,
                      "of the bars (1d): 1s, 1m, 5m, 15m, 1h or 1d");
  command->add_option("--format", import.format,
                      "auto (what the first line says), csv (with a header) or lean");
  command->add_option("--asset-class", import.asset_class, "us_equity (the default) or crypto");
  command->add_option("--day", import.day,
                      "of rows with milliseconds since midnight, where the file's name does not "
                      "say it: 2013-10-07");
  command->add_flag("--if-new", import.if_new,
                    "do nothing where there are bars of the symbol and timeframe already");
  command->add_flag("--json", import.json, "print the report as JSON");
}

std::vector<std::pair<std::string, std::string>> Environment() {
  std::vector<std::pair<std::string, std::string>> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    result.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return result;
}

CLI::App* AddReplayCommand(CLI::App& app, ReplayCommand& command) {
  CLI::App* const sub =
      app.add_subcommand("replay", "Read a recorded feed and print what is in it");
  sub->add_option("FILE", command.file, "Binance stream, OHLCV CSV or tick CSV, gzip or not")
      ->required();
  sub->add_flag_callback(
         "--summary", [] {}, "print counts, prices, volume, VWAP, the book and messages per second")
      ->required();
  return sub;
}

// What is wrong with the name of a command at the front, and with that of its own command, if it has
// some; empty if nothing is.
std::string UnknownCommand(const CLI::App& app, int argc, const char* const* argv) {
  const CLI::App* command = &app;
  for (int i = 1; i < argc && argv[i][0] != '-' && command->get_require_subcommand_min() > 0; ++i) {
    const auto known = command->get_subcommands([](const CLI::App*) { return true; });
    const auto named = std::ranges::find(known, argv[i], &CLI::App::get_name);
    if (named == known.end()) {
      std::vector<std::string> names;
      for (const CLI::App* one : known) {
        if (!one->get_group().empty()) names.push_back(one->get_name());
      }
      const std::string_view near = config::Nearest(argv[i], names);
      return fmt::format("there is no command {}; {}", argv[i],
                         near.empty() ? fmt::format("there are {}", fmt::join(names, ", "))
                                      : fmt::format("did you mean {}?", near));
    }
    command = *named;
  }
  return "";
}

}  // namespace

std::variant<Command, int> ParseCommandLine(int argc, const char* const* argv) {
  CLI::App app{"Livetape: market data in, live prices out over Server-Sent Events.", "livetape"};
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::simple);

  ServeCommand serve;
  serve.load.environment = Environment();
  CLI::App* const serve_app = AddServeCommand(app, serve);

  ConfigCommand print{.load = {}, .print = true};
  print.load.environment = Environment();
  CLI::App* const print_app =
      app.add_subcommand("config", "Print the effective configuration, each value with its origin");
  AddServerFlags(*print_app, print.load);
  print_app->add_flag("--keys", print.keys, "print every key that can be set instead");

  ConfigCommand check;
  check.load.environment = Environment();
  CLI::App* const check_app = app.add_subcommand("check-config", "Check the configuration only");
  AddServerFlags(*check_app, check.load);
  check_app->add_flag("--insecure", check.insecure, kInsecure);

  TokenCommand token;
  token.load.environment = Environment();
  AddTokenCommand(app, token);

  TapeCommand tape;
  tape.load.environment = Environment();
  AddTapeCommands(app, tape);

  BackupCommand backup;
  backup.load.environment = Environment();
  AddBackupCommand(app, backup);

  ImportCommand import;
  import.load.environment = Environment();
  AddImportCommand(app, import);

  ReplayCommand replay;
  CLI::App* const replay_app = AddReplayCommand(app, replay);

  BacktestCommand backtest;
  backtest.load.environment = Environment();
  AddConfigFlags(*AddBacktestCommand(app, backtest), backtest.load);

  TrainCommand train;
  train.load.environment = Environment();
  AddConfigFlags(*AddTrainCommand(app, train), train.load);
  TrainWorkerCommand train_worker;
  AddTrainWorkerCommand(app, train_worker);
  JobWorkerCommand job_worker;
  AddJobWorkerCommand(app, job_worker);

  CLI::App* const version_app = app.add_subcommand("version", "Print the version");

  app.set_version_flag("--version", "livetape " LIVETAPE_VERSION, "Print the version and exit");
  if (const std::string unknown = UnknownCommand(app, argc, argv); !unknown.empty()) {
    fmt::print(stderr, "livetape: {}\nRun with --help for more information.\n", unknown);
    return kWrongUsage;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kWrongUsage;
  }
  if (serve_app->parsed()) return Command(std::move(serve));
  if (print_app->parsed()) return Command(std::move(print));
  if (check_app->parsed()) return Command(std::move(check));
  if (app.got_subcommand("token")) return Command(std::move(token));
  if (app.got_subcommand("tape")) return Command(std::move(tape));
  if (app.got_subcommand("backup")) return Command(std::move(backup));
  if (app.got_subcommand("import")) return Command(std::move(import));
  if (replay_app->parsed()) return Command(std::move(replay));
  if (app.got_subcommand("backtest")) return Command(std::move(backtest));
  if (app.got_subcommand("train")) return Command(std::move(train));
  if (app.got_subcommand("train-worker")) return Command(train_worker);
  if (app.got_subcommand(std::string(kJobWorkerCommand))) return Command(std::move(job_worker));
  if (version_app->parsed()) return Command(VersionCommand{});
  return kWrongUsage;
}

}  // namespace livetape::app
