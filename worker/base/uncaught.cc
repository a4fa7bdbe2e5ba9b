#include "worker/base/uncaught.h"

#include <cxxabi.h>
#include <pthread.h>

#include <array>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>
#include <typeinfo>

#include "worker/base/log.h"

namespace page_count {
namespace {

std::string Describe(const std::exception& error) {
  const char* mangled = typeid(error).name();
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(abi::__cxa_demangle(mangled, nullptr, nullptr, &status),
                                                         &std::free);
  return std::string(status == 0 ? name.get() : mangled) + ": " + error.what();
}

std::string DescribeCurrentException() {
  const std::exception_ptr current = std::current_exception();
  if (!current) return "no exception";
  try {
    std::rethrow_exception(current);
  } catch (const std::exception& error) {
    return Describe(error);
  } catch (...) {
    return "not a std::exception";
  }
}

[[noreturn]] void LogAndAbort() {
  std::array<char, 16> thread{};
  pthread_getname_np(pthread_self(), thread.data(), thread.size());
  LogLine("a bug ends this process: " + DescribeCurrentException() + " (thread " + thread.data() + ")");
  std::abort();
}

}  // namespace

void LogUncaughtExceptions() { std::set_terminate(LogAndAbort); }

}  // namespace page_count
