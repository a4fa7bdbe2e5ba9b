#include "worker/cpu_affinity.h"

#include <gtest/gtest.h>

namespace page_count {
namespace {

cpu_set_t OwnProcessors() {
  cpu_set_t processors{};
  EXPECT_EQ(sched_getaffinity(0, sizeof(processors), &processors), 0);
  return processors;
}

int Last(const cpu_set_t& processors) {
  int last = -1;
  for (int processor = 0; processor < CPU_SETSIZE; ++processor) {
    if (CPU_ISSET(static_cast<size_t>(processor), &processors)) last = processor;
  }
  return last;
}

TEST(CpuAffinityTest, BindsToTheLastProcessorUntilUnbound) {
  const cpu_set_t all = OwnProcessors();
  CpuAffinity affinity({pthread_self()});
  affinity.Bind();
  const cpu_set_t bound = OwnProcessors();
  affinity.Unbind();
  EXPECT_EQ(CPU_COUNT(&bound), 1);
  EXPECT_EQ(Last(bound), Last(all));
  const cpu_set_t unbound = OwnProcessors();
  EXPECT_TRUE(CPU_EQUAL(&unbound, &all));
}

TEST(CpuAffinityTest, UsesOnlyTheProcessorsThatTheProcessMayUse) {
  const cpu_set_t all = OwnProcessors();
  if (CPU_COUNT(&all) < 2) GTEST_SKIP() << "needs two processors";
  cpu_set_t fewer = all;
  CPU_CLR(static_cast<size_t>(Last(all)), &fewer);
  ASSERT_EQ(sched_setaffinity(0, sizeof(fewer), &fewer), 0);
  CpuAffinity affinity({pthread_self()});
  affinity.Bind();
  const cpu_set_t bound = OwnProcessors();
  affinity.Unbind();
  const cpu_set_t unbound = OwnProcessors();
  ASSERT_EQ(sched_setaffinity(0, sizeof(all), &all), 0);
  EXPECT_EQ(Last(bound), Last(fewer));
  EXPECT_TRUE(CPU_EQUAL(&unbound, &fewer));
}

TEST(CpuAffinityTest, LeavesOtherThreadsAlone) {
  const cpu_set_t all = OwnProcessors();
  CpuAffinity affinity({});
  affinity.Bind();
  const cpu_set_t bound = OwnProcessors();
  EXPECT_TRUE(CPU_EQUAL(&bound, &all));
}

}  // namespace
}  // namespace page_count
