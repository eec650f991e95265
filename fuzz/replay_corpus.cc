// Replays a corpus: gives each file of the folders named on the command line to the fuzz target that
// it is linked with, once, in order of their names. So every input that was ever worth keeping is a
// regression test with any compiler (fuzz/README.md).
//
// A target that does not hold aborts, and the name of the file is the last line. Exit status 1 if a
// folder has no file: a test that tests nothing is no success.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

std::vector<std::filesystem::path> FilesOf(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    if (at->is_regular_file()) files.push_back(at->path());
  }
  std::ranges::sort(files);
  return files;
}

void Replay(const std::filesystem::path& file) {
  std::printf("%s\n", file.c_str());
  std::fflush(stdout);
  std::ifstream in(file, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  // A copy of its own size, so that the address sanitizer sees a read past its end.
  const std::vector<uint8_t> input(bytes.begin(), bytes.end());
  LLVMFuzzerTestOneInput(input.data(), input.size());
}

}  // namespace

int main(int count, char** arguments) {
  int status = count > 1 ? 0 : 1;
  for (int i = 1; i < count; ++i) {
    const std::vector<std::filesystem::path> files = FilesOf(arguments[i]);
    for (const std::filesystem::path& file : files) Replay(file);
    if (!files.empty()) continue;
    std::fprintf(stderr, "%s holds no file to replay\n", arguments[i]);
    status = 1;
  }
  return status;
}
