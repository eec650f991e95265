#include "jobs/training/trained_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "base/temporary_folder.h"
#include "floor/image_bytes.h"
#include "jobs/training/model_file.h"
#include "jobs/training/model_fixture.h"

namespace livetape::jobs {
namespace {

std::string FaultOf(std::string_view bytes) {
  const auto model = ParseModel(bytes);
  return model ? "none" : model.error().message;
}
// With the checksum that the changed bytes ought to have.
std::string Sealed(std::string bytes) {
  const size_t begin = bytes.find('\n') + 1;
  const uint32_t crc =
      floor::Crc32(std::string_view(bytes).substr(begin, bytes.size() - begin - sizeof crc));
  bytes.replace(bytes.size() - sizeof crc, sizeof crc, reinterpret_cast<const char*>(&crc),
                sizeof crc);
  return bytes;
}
std::string Replaced(std::string bytes, std::string_view what, std::string_view instead) {
  const size_t at = bytes.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return bytes.replace(at, what.size(), instead);
}

TEST(TrainedModel, BytesAreReadAsTheSame) {
  const TrainedModel model = ContrarianModel();
  const auto read = ParseModel(ModelBytes(model));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->facts, model.facts);
  EXPECT_EQ(read->trees.Bytes(), model.trees.Bytes());
  EXPECT_EQ(read->xgboost, model.xgboost);
}

TEST(TrainedModel, NoByteCanBeMissingOrChanged) {
  const std::string bytes = ModelBytes(ContrarianModel());
  for (size_t i = 0; i < bytes.size(); ++i) {
    EXPECT_NE(FaultOf(std::string_view(bytes).substr(0, i)), "none") << i;
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 0x04);
    EXPECT_NE(FaultOf(changed), "none") << i;
  }
  EXPECT_NE(FaultOf(bytes + "x"), "none");
}

TEST(TrainedModel, SaysWhatItIsInstead) {
  const std::string bytes = ModelBytes(ContrarianModel());
  EXPECT_EQ(FaultOf("date,open,high"),
            "this is no model of livetape: it does not begin with \"livetape model\"");
  EXPECT_EQ(FaultOf(Replaced(bytes, "what XGBoost", "that XGBoost")),
            "the model is damaged: its checksum is wrong");
  EXPECT_EQ(FaultOf(Replaced(bytes, "\nM\1", "\nM\2")),
            "the model has version 2, this program reads 1");
  EXPECT_EQ(FaultOf(Sealed(Replaced(bytes, "rsi_14", "rsi_21"))),
            "the model was made with 12 features of version 1, this program computes 12 of version "
            "1: train it anew");
  TrainedModel model = ContrarianModel();
  model.facts.best.loss = std::nan("");
  EXPECT_EQ(FaultOf(ModelBytes(model)),
            "the model is damaged: its fields are not those of a model");
}

TEST(TrainedModel, TreesOfOtherFeaturesAreRefused) {
  TrainedModel model = ContrarianModel();
  model.trees = *TreeEnsemble::Make(kFeatures + 1, 0, {0}, {{.value = 1}});
  EXPECT_EQ(FaultOf(ModelBytes(model)), "the model is damaged: its trees are of other features");
}

TEST(ModelFile, IsWrittenWholeAndReadAgain) {
  const base::TemporaryFolder folder;
  const std::filesystem::path file = ModelFile(folder.path(), "task-1_A");
  EXPECT_EQ(file, folder.path() / "models" / "task-1_A.model");
  for (int i = 0; i < 2; ++i) {
    const auto written = WriteModel(file, ContrarianModel());
    ASSERT_TRUE(written) << written.error().message;
  }
  const auto read = ReadModel(file);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->facts, ContrarianModel().facts);
  size_t files = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::directory_iterator(file.parent_path())) {
    ++files;
  }
  EXPECT_EQ(files, 1) << "nothing unfinished is left";
}

TEST(ModelFile, FaultsNameTheFile) {
  const base::TemporaryFolder folder;
  const std::filesystem::path file = ModelFile(folder.path(), "x");
  EXPECT_EQ(ReadModel(file).error().message,
            file.string() + ": cannot be opened: No such file or directory");
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file) << "nonsense";
  EXPECT_EQ(
      ReadModel(file).error().message,
      file.string() + ": this is no model of livetape: it does not begin with \"livetape model\"");
  const auto written = WriteModel(file / "below", ContrarianModel());
  EXPECT_FALSE(written);
}

TEST(ModelFile, TaskIdsDoNotLeadOutOfTheFolder) {
  EXPECT_TRUE(IsTaskId("train_01HZ-9"));
  for (const std::string_view id : {"", "..", "a/b", "a.b", "a b", "\xc3\xa4"}) {
    EXPECT_FALSE(IsTaskId(id)) << id;
  }
  EXPECT_TRUE(IsTaskId(std::string(64, 'x')));
  EXPECT_FALSE(IsTaskId(std::string(65, 'x')));
}

}  // namespace
}  // namespace livetape::jobs
