#include "config/key_table.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "config/key_kinds.h"
#include "config/made_of.h"
#include "config/paper_keys.h"

namespace livetape::config {
namespace {

// Where a key's value is in a Config, const or not.
// NOLINTNEXTLINE(bugprone-macro-parentheses): `member` is a path of names, not an expression
#define FIELD(member) [](auto& config) -> auto& { return config.member; }

bool IsHost(std::string_view text) { return IsMadeOf(text, 253, ".-_:"); }

// What can be bound without asking anybody for an address.
bool IsAddress(std::string_view text) {
  std::array<uint8_t, 16> bytes{};
  const std::string address(text);
  return text == "localhost" || inet_pton(AF_INET, address.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1;
}

// As a Host header names it, without its port: a colon is of an IPv6 address only.
bool IsHostWithoutPort(std::string_view text) {
  in6_addr address;
  if (text.find(':') == std::string_view::npos) return IsHost(text);
  return IsHost(text) && inet_pton(AF_INET6, std::string(text).c_str(), &address) == 1;
}

// Fits a topic segment, in which a slash takes three bytes.
bool IsSymbol(std::string_view text) {
  return IsMadeOf(text, 100, "._:/-") && std::ranges::count(text, '/') <= 1;
}

// An address, or a network: 10.0.0.0/8.
bool IsNetwork(std::string_view text) {
  const size_t slash = text.find('/');
  const std::string address(text.substr(0, slash));
  std::array<uint8_t, 16> bytes{};
  const bool four = inet_pton(AF_INET, address.c_str(), bytes.data()) == 1;
  if (!four && inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return false;
  if (slash == std::string_view::npos) return true;
  const auto bits = ParseInteger(text.substr(slash + 1));
  return bits && *bits >= 0 && *bits <= (four ? 32 : 128);
}

// Of a file or folder; empty where that means "the usual one".
bool IsPath(std::string_view text) {
  return text.size() <= 4096 && text.find('\0') == std::string_view::npos;
}
bool IsFolder(std::string_view text) { return !text.empty() && IsPath(text); }

// A token of RFC 6265.
bool IsCookieName(std::string_view text) { return IsMadeOf(text, 64, "!#$%&'*+-.^_`|~"); }

// scheme://host[:port], as browsers send it: lower case, no path, no slash at the end, no port that
// the scheme has anyway. What is written otherwise would never be met.
bool IsOrigin(std::string_view text) {
  const size_t scheme = text.find("://");
  if (scheme == std::string_view::npos || scheme == 0) return false;
  const bool usual_port = (text.starts_with("https:") && text.ends_with(":443")) ||
                          (text.starts_with("http:") && text.ends_with(":80"));
  const bool upper = std::ranges::any_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
  return !usual_port && !upper && IsMadeOf(text.substr(0, scheme), 32, "+.-") &&
         IsMadeOf(text.substr(scheme + 3), 260, ".-_:[]");
}

// Least and most of a span of times.
Key RetryKey() {
  constexpr Range kRange{1, 3'600'000};
  return PlainKey(
      "sse.retry_ms",
      fmt::format("two integers from {} to {}, the smaller first", kRange.least, kRange.most),
      "a stream's retry: is drawn between these, so that clients do not return all at once",
      Shape::kNumberList, FIELD(sse.retry),
      [kRange](std::vector<milliseconds>& place, const Value& value) {
        const auto* list = std::get_if<std::vector<Value>>(&value.content);
        if (list == nullptr || list->size() != 2) return false;
        const auto* least = std::get_if<int64_t>(&list->at(0).content);
        const auto* most = std::get_if<int64_t>(&list->at(1).content);
        if (least == nullptr || most == nullptr || *least > *most) return false;
        if (!kRange.Has(*least) || !kRange.Has(*most)) return false;
        place = {milliseconds(*least), milliseconds(*most)};
        return true;
      },
      [](const std::vector<milliseconds>& place) {
        return fmt::format("[{}, {}]", place.front().count(), place.back().count());
      });
}

Key SourceKey() {
  return PlainKey(
      "market.source", std::string(kSourceSpecForm), "where prices come from", Shape::kText,
      FIELD(market.source),
      [](SourceSpec& place, const Value& value) {
        const auto* text = std::get_if<std::string>(&value.content);
        const auto spec = text == nullptr ? std::nullopt : ParseSourceSpec(*text);
        if (spec) place = *spec;
        return spec.has_value();
      },
      [](const SourceSpec& place) { return QuoteToml(FormatSourceSpec(place)); });
}

Key IntervalKey() {
  constexpr Range kRange{0, 10'000};
  Key key;
  key.path = "market.interval";
  key.allowed =
      "a symbol and a time from 0 to 10s, such as \"2s\", \"500ms\" or 500 (milliseconds)";
  key.meaning = "how often /sse/{symbol} sends, for symbols where it is not once a second";
  key.shape = Shape::kNumber;
  key.by_member = true;
  key.assign = [kRange](Config& config, std::string_view symbol, const Value& value) {
    std::optional<milliseconds> interval;
    if (const auto* integer = std::get_if<int64_t>(&value.content))
      interval = milliseconds(*integer);
    if (const auto* text = std::get_if<std::string>(&value.content))
      interval = ParseDuration(*text);
    if (!IsSymbol(symbol) || !interval || !kRange.Has(interval->count())) return false;
    config.market.interval.insert_or_assign(std::string(symbol), *interval);
    return true;
  };
  key.lines = [path = key.path](const Config& config) {
    std::vector<std::pair<std::string, std::string>> lines;
    lines.reserve(config.market.interval.size());
    for (const auto& [symbol, interval] : config.market.interval) {
      lines.emplace_back(MemberPath(path, symbol), QuoteToml(FormatDuration(interval)));
    }
    return lines;
  };
  return key;
}

constexpr int64_t kMany = 1'000'000;
constexpr int64_t kGiB = 1LL << 30;
constexpr int64_t kTiB = 1LL << 40;

void AddServerKeys(std::vector<Key>& keys) {
  keys.push_back(TextKey("server.host", "an IP address or localhost", "the address to listen on",
                         FIELD(server.host), IsAddress));
  keys.push_back(IntegerKey("server.port", {0, 65'535}, "the port to listen on; 0: any free one",
                            FIELD(server.port)));
  keys.push_back(IntegerKey("server.threads", {0, 256},
                            "event loops; 0: half the processors, at least 1",
                            FIELD(server.threads)));
  keys.push_back(SecondsKey("server.drain_s", 0.5, 3600,
                            "at a stop, clients are told to return within this time",
                            FIELD(server.drain)));
  keys.push_back(TextListKey("server.hosts",
                             "a list of at most 100 different host names without port",
                             "names besides the bound address that a Host header may carry", 100,
                             FIELD(server.hosts), IsHostWithoutPort));
  keys.push_back(TextListKey(
      "server.cors_origins",
      "a list of at most 100 different origins as browsers send them, such as "
      "\"https://desk.example\": lower case, no path, no usual port",
      "pages of these origins may use the server", 100, FIELD(server.cors_origins), IsOrigin));
  keys.push_back(
      TextListKey("server.trusted_proxies",
                  "a list of at most 100 different addresses or networks such as \"10.0.0.0/8\"",
                  "their X-Forwarded-For tells the client's address", 100,
                  FIELD(server.trusted_proxies), IsNetwork));
  keys.push_back(TextKey("server.data_dir", "a folder", "where everything is kept; made if needed",
                         FIELD(server.data_dir), IsFolder));
}

void AddStreamKeys(std::vector<Key>& keys) {
  keys.push_back(SecondsKey("sse.heartbeat_s", 0.05, 3600,
                            "a stream that was quiet for this long gets a comment",
                            FIELD(sse.heartbeat)));
  keys.push_back(RetryKey());
  keys.push_back(IntegerKey("sse.interval_ms", {0, 10'000},
                            "how often /stream sends without ?interval=; 0: every update",
                            FIELD(sse.interval)));

  keys.push_back(IntegerKey("limits.streams_per_address", {0, kMany},
                            "open streams of one client address; 0: no limit",
                            FIELD(limits.streams_per_address)));
  keys.push_back(IntegerKey("limits.streams", {0, kMany}, "open streams in all; 0: no limit",
                            FIELD(limits.streams)));
  keys.push_back(IntegerKey("limits.head_bytes", {1024, 1'048'576}, "a request's head",
                            FIELD(limits.head_bytes)));
  keys.push_back(
      IntegerKey("limits.body_bytes", {0, kGiB}, "a request's body", FIELD(limits.body_bytes)));
  keys.push_back(IntegerKey("limits.publish_bytes", {1024, kGiB}, "the body of a publish",
                            FIELD(limits.publish_bytes)));
  keys.push_back(IntegerKey("limits.import_bytes", {0, kTiB},
                            "the body of an import; 0: what the disk has",
                            FIELD(limits.import_bytes)));
}

void AddTapeKeys(std::vector<Key>& keys) {
  keys.push_back(IntegerKey("tape.ring", {1024, 16'777'216}, "records kept in memory for replay",
                            FIELD(tape.ring)));
  keys.push_back(IntegerKey("tape.keep_records", {1, 1'000'000'000'000},
                            "records kept on disk; the oldest go", FIELD(tape.keep_records)));
  keys.push_back(IntegerKey("tape.keep_days", {1, 36'500}, "days that a record is kept on disk",
                            FIELD(tape.keep)));
  keys.push_back(IntegerKey("tape.keep_bytes", {1 << 20, int64_t{1} << 50},
                            "bytes of records kept on disk; the oldest go",
                            FIELD(tape.keep_bytes)));
  keys.push_back(ChoiceKey<TapeSync>(
      "tape.sync", {{"full", TapeSync::kFull}, {"normal", TapeSync::kNormal}},
      "full: what is acknowledged survives a power cut; normal: it survives a crash of the process",
      FIELD(tape.sync)));
}

void AddMarketKeys(std::vector<Key>& keys) {
  keys.push_back(SourceKey());
  keys.push_back(TextListKey("market.symbols",
                             "a list of at most 10000 different symbols of letters, digits and . _ "
                             ": / - (100 at most, one /)",
                             "what the synthetic source makes prices for", 10'000,
                             FIELD(market.symbols), IsSymbol));
  keys.push_back(IntegerKey("market.seed", {0, std::numeric_limits<int64_t>::max()},
                            "the same seed makes the same prices", FIELD(market.seed)));
  keys.push_back(
      NumberKey("market.rate", 0.001, 100'000,
                "synthetic updates per second and symbol; 100000 for all symbols together",
                FIELD(market.rate)));
  keys.push_back(ChoiceKey<MarketHours>(
      "market.hours", {{"always", MarketHours::kAlways}, {"exchange", MarketHours::kExchange}},
      "when us_equity trades: always, or in the sessions of NYSE; crypto trades always",
      FIELD(market.hours)));
  keys.push_back(IntervalKey());
}

void AddAuthAndLogKeys(std::vector<Key>& keys) {
  keys.push_back(ChoiceKey<AuthMode>(
      "auth.mode", {{"none", AuthMode::kNone}, {"jwt", AuthMode::kJwt}},
      "who may use it: none lets all, jwt those with a token", FIELD(auth.mode)));
  keys.push_back(ChoiceKey<JwtAlgorithm>("auth.jwt_alg",
                                         {{"HS256", JwtAlgorithm::kHs256},
                                          {"RS256", JwtAlgorithm::kRs256},
                                          {"ES256", JwtAlgorithm::kEs256}},
                                         "the one algorithm that tokens may be signed by",
                                         FIELD(auth.jwt_alg)));
  keys.push_back(TextKey("auth.jwt_key_file", "a file",
                         "the secret (HS256) or public key in PEM that tokens are verified with; "
                         "empty: jwt.key in the data folder, made at the first start",
                         FIELD(auth.jwt_key_file), IsPath));
  keys.push_back(TextKey("auth.jwks_file", "a file",
                         "a JSON Web Key Set, instead of auth.jwt_key_file", FIELD(auth.jwks_file),
                         IsPath));
  keys.push_back(TextKey("auth.cookie", "a cookie's name",
                         "the cookie in which a browser may carry its token", FIELD(auth.cookie),
                         IsCookieName));

  using base::LogFormat;
  using base::LogLevel;
  keys.push_back(ChoiceKey<LogLevel>("log.level",
                                     {{"debug", LogLevel::kDebug},
                                      {"info", LogLevel::kInfo},
                                      {"warning", LogLevel::kWarning},
                                      {"error", LogLevel::kError}},
                                     "the least that is logged", FIELD(log.level)));
  keys.push_back(ChoiceKey<LogFormat>("log.format",
                                      {{"text", LogFormat::kText}, {"json", LogFormat::kJson}},
                                      "the form of log lines", FIELD(log.format)));
  keys.push_back(
      BooleanKey("log.requests", "log a line for each finished request", FIELD(log.requests)));
  keys.push_back(
      BooleanKey("log.streams", "log a line for each finished stream", FIELD(log.streams)));
}

void AddJobKeys(std::vector<Key>& keys) {
  keys.push_back(IntegerKey("jobs.workers", {0, 256},
                            "backtests, trainings and imports at a time; 0: one per processor",
                            FIELD(jobs.workers)));
  keys.push_back(IntegerKey("jobs.queue", {1, 10'000},
                            "jobs that wait, at most; further ones are refused",
                            FIELD(jobs.queue)));
}

std::vector<Key> MakeTable() {
  std::vector<Key> keys;
  AddServerKeys(keys);
  AddStreamKeys(keys);
  AddTapeKeys(keys);
  AddMarketKeys(keys);
  AddPaperKeys(keys);
  AddRiskKeys(keys);
  AddAuthAndLogKeys(keys);
  AddJobKeys(keys);
  return keys;
}

#undef FIELD

size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

const std::vector<Key>& KeyTable() {
  static const std::vector<Key> table = MakeTable();
  return table;
}

const Key* FindKey(std::string_view path) {
  const auto key = std::ranges::find(KeyTable(), path, &Key::path);
  return key == KeyTable().end() ? nullptr : &*key;
}

std::string EnvironmentName(std::string_view path) {
  std::string name = "LIVETAPE_";
  for (const char c : path) {
    name += c == '.' ? '_' : (c >= 'a' && c <= 'z') ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return name;
}

std::string MemberPath(std::string_view path, std::string_view member) {
  if (member.empty()) return std::string(path);
  const bool bare = IsMadeOf(member, member.size(), "_-");
  return fmt::format("{}.{}", path, bare ? std::string(member) : QuoteToml(member));
}

std::string_view Nearest(std::string_view text, const std::vector<std::string>& candidates) {
  constexpr size_t kLongest = 128;
  std::string_view nearest;
  size_t least = 3;
  if (text.size() > kLongest) return nearest;
  for (const std::string& candidate : candidates) {
    const size_t distance = EditDistance(text, candidate);
    if (distance >= least) continue;
    nearest = candidate;
    least = distance;
  }
  return nearest;
}

}  // namespace livetape::config
