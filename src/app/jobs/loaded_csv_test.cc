#include "app/jobs/loaded_csv.h"

#include <gtest/gtest.h>

#include <fstream>

#include "base/temporary_folder.h"

namespace livetape::app {
namespace {

class LoadedCsvTest : public testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& rows) const {
    const std::string path = (folder_.path() / name).string();
    std::ofstream(path) << "date,open,high,low,close,volume\n" << rows;
    return path;
  }
  static std::string ClosesOf(const jobs::LoadedSymbol& symbol) {
    std::string text = symbol.name;
    for (const model::Bar& bar : symbol.bars) text += " " + bar.close.ToString();
    return text;
  }
  static base::Result<LoadedCsv> Load(const std::vector<CsvSource>& sources) {
    return LoadCsv(sources, model::Timeframe::k1d, model::AssetClass::kUsEquity);
  }
  const base::TemporaryFolder folder_;
};

TEST_F(LoadedCsvTest, TheSymbolIsGivenOrTheFilesName) {
  EXPECT_EQ(ParseCsvSource("GOOG=a/b.csv").symbol, "GOOG");
  EXPECT_EQ(ParseCsvSource("GOOG=a/b.csv").path, "a/b.csv");
  const std::string path = Write("spy.2024.csv", "2024-01-04,1,1,1,1,1\n");
  EXPECT_EQ(Load({ParseCsvSource(path)})->symbols.at(0).name, "SPY");
  EXPECT_EQ(Load({ParseCsvSource("X=" + path)})->symbols.at(0).name, "X");
}

TEST_F(LoadedCsvTest, BarsOfSeveralFilesAreSortedAndTheLastOfATimeCounts) {
  const auto loaded = Load({{"A", Write("1.csv", "2024-01-05,5,5,5,5,1\n2024-01-04,4,4,4,4,1\n")},
                            {"B", Write("2.csv", "2024-01-04,9,9,9,9,1\n")},
                            {"A", Write("3.csv", "2024-01-03,3,3,3,3,1\n2024-01-05,6,6,6,6,1\n")}});
  ASSERT_TRUE(loaded) << loaded.error().message;
  ASSERT_EQ(loaded->symbols.size(), 2);
  EXPECT_EQ(ClosesOf(loaded->symbols[0]), "A 3 4 6");
  EXPECT_EQ(ClosesOf(loaded->symbols[1]), "B 9");
  EXPECT_TRUE(loaded->notes.empty());
}

TEST_F(LoadedCsvTest, RowsThatAreNoBarsAreNoted) {
  const auto loaded =
      Load({{"A", Write("a.csv", "2024-01-04,4,4,4,4,1\n2024-01-05,-5,5,5,5,1\n")}});
  ASSERT_EQ(loaded->notes.size(), 1);
  EXPECT_NE(loaded->notes[0].find("1 of 2 rows were not taken: 1 bad_price; the first in line 3"),
            std::string::npos)
      << loaded->notes[0];
}

TEST_F(LoadedCsvTest, WithoutARowTheFileIsNamed) {
  const std::string path = Write("a.csv", "");
  const auto loaded = Load({{"A", path}});
  ASSERT_FALSE(loaded);
  EXPECT_TRUE(loaded.error().message.starts_with(path + ": ")) << loaded.error().message;
}

}  // namespace
}  // namespace livetape::app
