// Kills a process at a chosen commit of its SQLite connections: what is in the file then is what a sudden death leaves.
#ifndef PAGE_COUNT_TESTS_UNIT_CUT_OFF_H_
#define PAGE_COUNT_TESTS_UNIT_CUT_OFF_H_

#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <functional>

namespace page_count {

class CutOff {
 public:
  // Does `work` in a process of its own, which is killed as the `commit`-th transaction is about to be committed, all
  // those before it being whole. Returns false if the work was done sooner. What it throws aborts that process. While
  // this one has no connection open.
  static bool At(int commit, const std::function<void()>& work) {
    const pid_t process = fork();
    if (process == 0) Do(commit, work);
    int status = 0;
    EXPECT_EQ(waitpid(process, &status, 0), process);
    const bool is_killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    EXPECT_TRUE(is_killed || (WIFEXITED(status) && WEXITSTATUS(status) == 0)) << "wait status " << status;
    return is_killed;
  }

 private:
  [[noreturn]] static void Do(int commit, const std::function<void()>& work) noexcept {
    left_ = commit;
    sqlite3_auto_extension(reinterpret_cast<void (*)()>(&Watch));
    work();
    std::_Exit(0);
  }
  // Of each connection that is opened.
  static int Watch(sqlite3* connection, char** /*error*/, const sqlite3_api_routines* /*api*/) {
    sqlite3_commit_hook(connection, &PassCommit, nullptr);
    return SQLITE_OK;
  }
  static int PassCommit(void* /*argument*/) {
    if (--left_ == 0) kill(getpid(), SIGKILL);
    return 0;
  }

  static inline std::atomic<int> left_ = 0;
};

}  // namespace page_count

#endif  // PAGE_COUNT_TESTS_UNIT_CUT_OFF_H_
