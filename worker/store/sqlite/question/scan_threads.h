// Spreads pieces of work over some threads, which live for as long as it takes.
//
// The calling thread is one of them. Each takes the next piece when it is done with one, so pieces begin in their
// order. Few pieces are done by the calling thread alone. The first exception ends the work, and is thrown to the
// caller.
#ifndef PAGE_COUNT_STORE_SQLITE_QUESTION_SCAN_THREADS_H_
#define PAGE_COUNT_STORE_SQLITE_QUESTION_SCAN_THREADS_H_

#include <cstddef>
#include <functional>
#include <vector>

namespace page_count {

class ScanThreads {
 public:
  // As many as the machine has cores, but no more than four.
  static size_t Default();

  explicit ScanThreads(size_t most) : most_(most) {}

  size_t most() const { return most_; }
  // How many threads work on so many pieces: each is a number below it.
  size_t For(size_t pieces) const;
  // Calls `work(thread, piece)` once for each piece from 0 on; two calls at once never have the same thread.
  using Work = std::function<void(size_t thread, size_t piece)>;
  void ForEach(size_t pieces, const Work& work) const;
  // The same with `work(state, piece)`: each thread has a `State` of its own; returns them.
  template <typename State, typename Take>
  std::vector<State> ForEach(size_t pieces, const State& state, Take take) const {
    std::vector<State> states(For(pieces), state);
    ForEach(pieces, [&](size_t thread, size_t piece) { take(states[thread], piece); });
    return states;
  }

 private:
  size_t most_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_QUESTION_SCAN_THREADS_H_
