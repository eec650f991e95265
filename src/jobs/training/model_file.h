#pragma once

// Where trained models are kept: one file each in the data folder. Any thread.

#include <filesystem>
#include <string_view>

#include "base/result.h"
#include "jobs/training/trained_model.h"

namespace livetape::jobs {

// Letters, digits, '-' and '_', 1 to 64 of them: nothing that leads out of the folder.
bool IsTaskId(std::string_view task_id);
// <data folder>/models
std::filesystem::path ModelsFolder(const std::filesystem::path& data_folder);
// <data folder>/models/<task_id>.model
std::filesystem::path ModelFile(const std::filesystem::path& data_folder, std::string_view task_id);

// The file is there whole or not at all; its folder is made when missing.
base::Result<void> WriteModel(const std::filesystem::path& file, const TrainedModel& model);
// The error names the file and says what is wrong with it.
base::Result<TrainedModel> ReadModel(const std::filesystem::path& file);

}  // namespace livetape::jobs
