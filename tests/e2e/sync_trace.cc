#include "tests/e2e/sync_trace.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <sstream>
#include <string_view>

namespace page_count::e2e {
namespace {

constexpr size_t kFrameHeaderBytes = 24;  // bytes 4 to 7 are not zero in a transaction's last frame
constexpr size_t kWalHeaderBytes = 32;

bool IsOctal(char c) { return c >= '0' && c <= '7'; }

// The bytes of a C string literal that starts at `begin`, after its opening quote.
std::string Unquoted(std::string_view text, size_t begin) {
  constexpr std::string_view kLetters = "ntrvf";
  constexpr std::string_view kMeanings = "\n\t\r\v\f";
  std::string bytes;
  for (size_t i = begin; i < text.size() && text[i] != '"'; ++i) {
    if (text[i] != '\\') {
      bytes += text[i];
      continue;
    }
    const char escaped = text[++i];
    if (const size_t letter = kLetters.find(escaped); letter != std::string_view::npos) {
      bytes += kMeanings[letter];
    } else if (IsOctal(escaped)) {
      int value = escaped - '0';
      for (int digits = 1; digits < 3 && IsOctal(text[i + 1]); ++digits) value = value * 8 + (text[++i] - '0');
      bytes += static_cast<char>(value);
    } else {
      bytes += escaped;
    }
  }
  return bytes;
}

bool HasSucceeded(const std::string& line) {
  const size_t result = line.rfind(" = ");
  return result != std::string::npos && line[result + 3] != '-' && line[result + 3] != '?';
}

}  // namespace

SyncTrace::SyncTrace(const std::string& trace, std::string prefix) : prefix_(std::move(prefix)) {
  std::map<std::string, Call> unfinished;  // by thread
  std::vector<std::pair<std::string, Call>> calls;
  std::istringstream lines(trace);
  size_t number = 0;
  for (std::string line; std::getline(lines, line); ++number) {
    const std::string thread = line.substr(0, line.find(' '));
    const size_t start = line.find_first_not_of(' ', thread.size());
    if (start == std::string::npos || std::string_view("+-").find(line[start]) != std::string_view::npos) continue;
    if (line.compare(start, 5, "<... ") == 0) {
      Call& call = unfinished[thread];
      call.end = number;
      call.succeeded = HasSucceeded(line);
      calls.emplace_back(thread, call);
      continue;
    }
    Call call = ReadCall(line.substr(start));
    call.begin = call.end = number;
    if (line.ends_with("<unfinished ...>")) {
      unfinished[thread] = call;
    } else {
      call.succeeded = HasSucceeded(line);
      calls.emplace_back(thread, call);
    }
  }
  for (const auto& [thread, call] : calls) Take(thread, call);
}

SyncTrace::Call SyncTrace::ReadCall(const std::string& text) {
  Call call;
  call.name = text.substr(0, text.find('('));
  const size_t file = text.find('<');
  const size_t file_end = text.find_first_of('>', file);
  if (file == std::string::npos || file_end == std::string::npos) return call;
  call.file = text.substr(file + 1, file_end - file - 1);
  const size_t quote = text.find('"', file_end);
  if (quote != std::string::npos) call.data = Unquoted(text, quote + 1);
  return call;
}

void SyncTrace::Take(const std::string& thread, const Call& call) {
  if (call.file.ends_with("visits.db-wal")) {
    if (call.name == "pwrite64") {
      TakeLogWrite(transactions_[thread], call);
    } else if ((call.name == "fdatasync" || call.name == "fsync") && call.succeeded) {
      syncs_.emplace_back(call.begin, call.end);
    }
  } else if (call.file.starts_with("socket:") || call.file.starts_with("UNIX")) {
    for (const int page : PagesIn(call.data)) answered_.emplace(page, call.begin);
  }
}

// A frame is written in two: its header, then the database page, which holds what was inserted there.
void SyncTrace::TakeLogWrite(Transaction& transaction, const Call& call) {
  if (call.data.size() == kWalHeaderBytes) return;
  if (call.data.size() == kFrameHeaderBytes) {
    const std::string size_after_commit = call.data.substr(4, 4);
    transaction.last_frame = size_after_commit.find_first_not_of('\0') != std::string::npos;
    return;
  }
  const auto pages = PagesIn(call.data);
  transaction.pages.insert(transaction.pages.end(), pages.begin(), pages.end());
  if (!transaction.last_frame) return;
  for (const int page : transaction.pages) committed_.emplace(page, call.end);
  transaction = Transaction();
}

std::vector<int> SyncTrace::PagesIn(const std::string& data) const {
  std::vector<int> pages;
  for (size_t at = data.find(prefix_); at != std::string::npos; at = data.find(prefix_, at + 1)) {
    size_t end = at + prefix_.size();
    while (end < data.size() && std::isdigit(static_cast<unsigned char>(data[end])) != 0) ++end;
    if (end > at + prefix_.size() && end < data.size() && data[end] == '/') {
      pages.push_back(std::atoi(data.c_str() + at + prefix_.size()));
    }
  }
  return pages;
}

SyncTrace::Order SyncTrace::OrderOf(int page) const {
  const auto committed = committed_.find(page);
  const auto answered = answered_.find(page);
  if (committed == committed_.end() || answered == answered_.end()) return Order::kNotSeen;
  const bool synced = std::any_of(syncs_.begin(), syncs_.end(), [&](const auto& sync) {
    return sync.first > committed->second && sync.second < answered->second;
  });
  return synced ? Order::kAnsweredAfterItsSync : Order::kAnsweredBeforeItsSync;
}

}  // namespace page_count::e2e
