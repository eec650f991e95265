#include "base/paged_vector.h"

#include <gtest/gtest.h>

#include <string>

namespace livetape::base {
namespace {

TEST(PagedVector, ReferencesStayWhileItGrows) {
  PagedVector<std::string> vector;
  std::string& first = vector.Append();
  first = "first";
  for (size_t i = 1; i < 3000; ++i) vector.Append() = std::to_string(i);
  EXPECT_EQ(vector.size(), 3000u);
  EXPECT_EQ(&vector[0], &first);
  EXPECT_EQ(vector[0], "first");
  for (size_t i = 1; i < 3000; ++i) ASSERT_EQ(vector[i], std::to_string(i));
}

}  // namespace
}  // namespace livetape::base
