#include "worker/visits/request_id.h"

#include <gtest/gtest.h>

#include <string>

namespace page_count {
namespace {

using namespace std::string_literals;

TEST(RequestIdTest, IsATextOf8To64Bytes) {
  for (const std::string& id : {"12345678"s, std::string(64, 'a'), "1234567\0"s, "\xFF\xFE\xFD\xFC\xFF\xFE\xFD\xFC"s}) {
    EXPECT_TRUE(IsRequestId(id)) << id;
  }
  for (const std::string& id : {""s, "1234567"s, std::string(65, 'a')}) EXPECT_FALSE(IsRequestId(id)) << id;
}

TEST(RequestIdTest, IsKeptAsAHash) {
  EXPECT_EQ(HashOfRequestId("12345678"), HashOfRequestId("12345678"));
  EXPECT_NE(HashOfRequestId("12345678"), HashOfRequestId("12345678\0"s));
}

}  // namespace
}  // namespace page_count
