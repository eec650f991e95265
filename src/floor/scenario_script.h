#pragma once

// Script: the text of a scenario, cut into sections and lines (src/floor/scenarios/README.md). For
// tests. Pure functions, no threads.

#include <cctype>
#include <cstddef>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace livetape::floor {

using Words = std::vector<std::string>;

// A command, and after `->` what it makes happen, in order: "place buy 1 AAPL -> 1 new; 1 fill 1@5".
struct ScriptLine {
  int number = 0;
  std::string text;  // with its continuations
  Words command;
  std::vector<Words> expected;
};

// Begins with a line "== title", on a floor of its own.
struct ScriptSection {
  std::string title;
  std::vector<ScriptLine> lines;
};

inline Words SplitWords(std::string_view text) {
  std::istringstream in{std::string(text)};
  Words words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

inline std::string_view WithoutComment(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const bool begins = i == 0 || std::isspace(static_cast<unsigned char>(text[i - 1])) != 0;
    if (text[i] == '#' && begins) return text.substr(0, i);
  }
  return text;
}

inline void AddExpected(ScriptLine& line, std::string_view items) {
  while (!items.empty()) {
    const size_t end = items.find(';');
    Words words = SplitWords(items.substr(0, end));
    if (!words.empty()) line.expected.push_back(std::move(words));
    items = end == std::string_view::npos ? std::string_view() : items.substr(end + 1);
  }
}

// A line that begins with `->` goes on with the expectations of the one before.
inline std::vector<ScriptSection> ParseScript(std::string_view script) {
  std::vector<ScriptSection> sections;
  int number = 0;
  while (!script.empty()) {
    ++number;
    const size_t end = script.find('\n');
    const std::string_view raw = script.substr(0, end);
    script = end == std::string_view::npos ? std::string_view() : script.substr(end + 1);
    const std::string_view text = WithoutComment(raw);
    Words words = SplitWords(text);
    if (words.empty()) continue;
    if (words.front() == "==") {
      sections.push_back({std::string(raw.substr(raw.find("==") + 2)), {}});
      continue;
    }
    if (sections.empty()) sections.emplace_back();
    std::vector<ScriptLine>& lines = sections.back().lines;
    const size_t arrow = text.find("->");
    const bool goes_on = words.front() == "->" && !lines.empty();
    if (goes_on) {
      lines.back().text.append("\n    ").append(text.substr(arrow));
    } else {
      lines.push_back({number, std::string(raw), SplitWords(text.substr(0, arrow)), {}});
    }
    if (arrow != std::string_view::npos) AddExpected(lines.back(), text.substr(arrow + 2));
  }
  return sections;
}

}  // namespace livetape::floor
