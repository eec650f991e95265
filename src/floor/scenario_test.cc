// Scenarios: the rules of trading as readable scripts. Each file of src/floor/scenarios is a test of
// its own; README.md there says how they are written.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "floor/scenario_script.h"
#include "floor/scenario_stage.h"

namespace livetape::floor {
namespace {

std::vector<std::string> ScenarioFiles() {
  std::vector<std::string> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(LIVETAPE_SOURCE_DIR "/src/floor/scenarios")) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class Scenario : public testing::TestWithParam<std::string> {};

// After its first fault a section means nothing any more.
TEST_P(Scenario, GoesAsWritten) {
  const std::vector<ScriptSection> sections = ParseScript(Read(GetParam()));
  ASSERT_FALSE(sections.empty());
  for (const ScriptSection& section : sections) {
    Stage stage;
    std::string before;
    for (const ScriptLine& line : section.lines) {
      const std::string fault = stage.Play(line);
      if (!fault.empty()) {
        ADD_FAILURE_AT(GetParam().c_str(), line.number)
            << GetParam() << ":" << line.number << ": in \"" << section.title << "\"\n  "
            << line.text << "\n  " << fault << "\n  happened:\n"
            << stage.log() << "  before:\n"
            << before;
        break;
      }
      before += "    " + line.text + "\n";
    }
  }
}

std::string ThemeOf(const testing::TestParamInfo<std::string>& file) {
  return std::filesystem::path(file.param).stem().string();
}
INSTANTIATE_TEST_SUITE_P(Scenarios, Scenario, testing::ValuesIn(ScenarioFiles()), ThemeOf);

// The runner itself: it finds what is wrong.
std::string Fault(std::string_view script) {
  Stage stage;
  for (const ScriptSection& section : ParseScript(script)) {
    for (const ScriptLine& line : section.lines) {
      const std::string fault = stage.Play(line);
      if (!fault.empty()) return fault;
    }
  }
  return "";
}

constexpr std::string_view kOpening = "quote AAPL 99 101\n";

TEST(ScenarioStage, FindsAnEventThatWasNotExpected) {
  EXPECT_EQ(Fault(std::string(kOpening) + "place buy 1 AAPL -> new"), "unexpected: 1 fill 1@101");
}

TEST(ScenarioStage, FindsAnEventThatDidNotCome) {
  EXPECT_EQ(Fault(std::string(kOpening) + "place buy 1 AAPL limit 100 -> new; 1 fill 1@100"),
            "event 2 did not come");
}

TEST(ScenarioStage, FindsAnotherPriceReasonOrField) {
  const std::string begin(kOpening);
  EXPECT_EQ(Fault(begin + "place buy 1 AAPL -> new; fill 1@100"),
            "event 2 (1 fill 1@101): the fill is another");
  EXPECT_EQ(Fault(begin + "place buy 1 AAPL -> new; fill 1@101 fee 1"),
            "event 2 (1 fill 1@101): fee is 0");
  EXPECT_EQ(Fault(begin + "place buy 0 AAPL -> rejected sub_penny"),
            "event 1 (1 rejected qty_not_positive): the reason is another");
  EXPECT_EQ(Fault("expect account cash 99999.5"), "cash is 100000, expected 99999.5");
}

TEST(ScenarioStage, ComparesNumbersNotTheirTexts) {
  EXPECT_EQ(Fault(std::string(kOpening) + "place buy 1.0 AAPL -> new; fill 1.00@101.0 fee 0.00"),
            "");
}

TEST(ScenarioStage, FindsLinesThatItDoesNotUnderstand) {
  EXPECT_EQ(Fault("plaice buy 1 AAPL"), "no command plaice");
  EXPECT_EQ(Fault("place buy 1 AAPL lmit 5"), "\"lmit\" is not understood");
  EXPECT_EQ(Fault("place buy 1 GOOG"), "no instrument GOOG");
  EXPECT_EQ(Fault("expect account fortune 7"), "no field fortune");
  EXPECT_EQ(Fault("place buy"), "a word is missing at the end");
}

}  // namespace
}  // namespace livetape::floor
