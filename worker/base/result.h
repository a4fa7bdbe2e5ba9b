// Either a value or the reason why there is none: what parsers and decisions return.
//
// For bad input only. A broken machine throws, a broken invariant aborts. Owns what it holds; asking for the side
// that is not there is a bug and aborts.
#ifndef PAGE_COUNT_BASE_RESULT_H_
#define PAGE_COUNT_BASE_RESULT_H_

#include <cstdlib>
#include <utility>
#include <variant>

namespace page_count {

template <typename T, typename E>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(E error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() { return Get<0>(); }
  const T& value() const { return Get<0>(); }
  const E& error() const { return Get<1>(); }
  T& operator*() { return value(); }
  const T& operator*() const { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  template <size_t kSide>
  auto& Get() {
    if (state_.index() != kSide) std::abort();
    return *std::get_if<kSide>(&state_);
  }
  template <size_t kSide>
  const auto& Get() const {
    if (state_.index() != kSide) std::abort();
    return *std::get_if<kSide>(&state_);
  }

  std::variant<T, E> state_;
};

}  // namespace page_count

#endif  // PAGE_COUNT_BASE_RESULT_H_
