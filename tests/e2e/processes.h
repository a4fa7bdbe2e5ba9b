#ifndef PAGE_COUNT_TESTS_E2E_PROCESSES_H_
#define PAGE_COUNT_TESTS_E2E_PROCESSES_H_

#include <sys/types.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace page_count::e2e {

// A child in a process group of its own; both its outputs are appended to the file. `environment` is added to ours.
pid_t Spawn(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment,
            const std::string& output_file);

// The child's wait status, or none where it still runs at the deadline.
std::optional<int> WaitForExit(pid_t child, std::chrono::milliseconds deadline);

// The running processes with `folder` in their command line or environment, this one excepted, and, where a name
// is given, of that program name only.
std::vector<pid_t> ProcessesOf(const std::string& folder, const std::string& name = "");

// The most memory that the process ever had resident.
long PeakResidentKib(pid_t process);

std::string ReadFile(const std::string& path);

}  // namespace page_count::e2e

#endif  // PAGE_COUNT_TESTS_E2E_PROCESSES_H_
