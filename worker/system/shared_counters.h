// Counters that processes share through a file, for as long as the file is there.
//
// A page of 64-bit numbers that every process maps: adding costs no system call and no lock, and what a process added
// stays when it ends. The first process makes the file and notes the time. Not for what must survive the machine: put
// the file into /run. Whoever deletes the file leaves those who have it open with counters of their own. Any thread.
// Throws std::system_error if the file cannot be made or mapped.
#ifndef PAGE_COUNT_SYSTEM_SHARED_COUNTERS_H_
#define PAGE_COUNT_SYSTEM_SHARED_COUNTERS_H_

#include <cstddef>
#include <cstdint>
#include <string>

namespace page_count {

class SharedCounters {
 public:
  static constexpr size_t kMost = 63;

  // `now_ms` is a time of the caller's clock, in milliseconds and not 0.
  SharedCounters(const std::string& path, int64_t now_ms);
  ~SharedCounters();
  SharedCounters(const SharedCounters&) = delete;
  SharedCounters& operator=(const SharedCounters&) = delete;

  // Counters are numbered from 0 up to kMost.
  void Add(size_t counter, int64_t count);
  int64_t Read(size_t counter) const;
  // The now_ms of whoever made the file.
  int64_t since_ms() const;

 private:
  int64_t* numbers_;  // since_ms, then the counters
};

}  // namespace page_count

#endif  // PAGE_COUNT_SYSTEM_SHARED_COUNTERS_H_
