#include "market/csv_columns.h"

#include <array>
#include <string>

namespace livetape::market {
namespace {

std::string_view Trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string_view Unquote(std::string_view text) {
  text = Trim(text);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') {
    return Trim(text.substr(1, text.size() - 2));
  }
  return text;
}

// Lower case, without blanks and joining characters.
std::string Plain(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == ' ' || c == '_' || c == '-' || c == '.') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

struct Meaning {
  CsvColumns::Column CsvColumns::* column;
  std::string_view name;
};

constexpr std::array kMeanings = {
    Meaning{&CsvColumns::date, "date"},
    Meaning{&CsvColumns::time, "time"},
    Meaning{&CsvColumns::time, "timestamp"},
    Meaning{&CsvColumns::time, "datetime"},
    Meaning{&CsvColumns::time, "ts"},
    Meaning{&CsvColumns::symbol, "symbol"},
    Meaning{&CsvColumns::symbol, "ticker"},
    Meaning{&CsvColumns::open, "open"},
    Meaning{&CsvColumns::high, "high"},
    Meaning{&CsvColumns::low, "low"},
    Meaning{&CsvColumns::close, "close"},
    Meaning{&CsvColumns::volume, "volume"},
    Meaning{&CsvColumns::volume, "vol"},
    Meaning{&CsvColumns::price, "price"},
    Meaning{&CsvColumns::price, "last"},
    Meaning{&CsvColumns::price, "tradeprice"},
    Meaning{&CsvColumns::size, "size"},
    Meaning{&CsvColumns::size, "qty"},
    Meaning{&CsvColumns::size, "quantity"},
    Meaning{&CsvColumns::size, "amount"},
    Meaning{&CsvColumns::size, "tradesize"},
    Meaning{&CsvColumns::bid, "bid"},
    Meaning{&CsvColumns::bid, "bidprice"},
    Meaning{&CsvColumns::bid, "bestbid"},
    Meaning{&CsvColumns::ask, "ask"},
    Meaning{&CsvColumns::ask, "askprice"},
    Meaning{&CsvColumns::ask, "bestask"},
    Meaning{&CsvColumns::bid_size, "bidsize"},
    Meaning{&CsvColumns::bid_size, "bidqty"},
    Meaning{&CsvColumns::bid_size, "bestbidqty"},
    Meaning{&CsvColumns::bid_size, "bidvolume"},
    Meaning{&CsvColumns::ask_size, "asksize"},
    Meaning{&CsvColumns::ask_size, "askqty"},
    Meaning{&CsvColumns::ask_size, "bestaskqty"},
    Meaning{&CsvColumns::ask_size, "askvolume"},
};

}  // namespace

void SplitCsvRow(std::string_view line, std::vector<std::string_view>& fields) {
  fields.clear();
  bool quoted = false;
  size_t begin = 0;
  for (size_t i = 0; i <= line.size() && fields.size() < kCsvColumnsMax; ++i) {
    if (i < line.size() && line[i] == '"') quoted = !quoted;
    if (i < line.size() && (line[i] != ',' || quoted)) continue;
    fields.push_back(Unquote(line.substr(begin, i - begin)));
    begin = i + 1;
  }
}

CsvColumns CsvColumns::Parse(std::string_view header) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (header.starts_with(kByteOrderMark)) header.remove_prefix(kByteOrderMark.size());
  std::vector<std::string_view> names;
  SplitCsvRow(header, names);
  CsvColumns columns;
  for (size_t i = 0; i < names.size(); ++i) {
    const std::string name = Plain(names[i]);
    for (const Meaning& meaning : kMeanings) {
      if (name == meaning.name && !(columns.*meaning.column)) columns.*meaning.column = i;
    }
  }
  if (!columns.size && columns.price) columns.size = columns.volume;
  return columns;
}

}  // namespace livetape::market
