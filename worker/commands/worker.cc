#include <netdb.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "worker/base/log.h"
#include "worker/commands/commands.h"
#include "worker/commands/open_addresses.h"
#include "worker/commands/open_limiter.h"
#include "worker/commands/open_recording_policy.h"
#include "worker/commands/open_storage.h"
#include "worker/commands/settings.h"
#include "worker/commands/start_check.h"
#include "worker/endpoints/endpoints.h"
#include "worker/ingest/health_probe.h"
#include "worker/ingest/maintenance.h"
#include "worker/server/event_loop.h"
#include "worker/system/exit_deadline.h"
#include "worker/system/malloc.h"

namespace page_count {
namespace {

constexpr std::chrono::seconds kPauseBeforeNextTry{5};
// For a long cleanup, or a disk that hangs: cut off anywhere, neither harms the file. With `drain` it is less than
// systemd's TimeoutStopSec.
constexpr std::chrono::seconds kExitTakes{5};
constexpr const char* kNameWhileWaiting = "page-count wait";  // 15 bytes at the most

bool HasListeningSocket() {
  struct stat status = {};
  return fstat(STDIN_FILENO, &status) == 0 && S_ISSOCK(status.st_mode);
}

// The accept lock is for the workers of one listening socket: the name is that of the socket, its path or its port.
std::string AcceptLockPath(const Settings& settings) {
  sockaddr_storage address{};
  socklen_t length = sizeof(address);
  std::array<char, NI_MAXHOST> name{};
  if (getsockname(STDIN_FILENO, reinterpret_cast<sockaddr*>(&address), &length) == 0) {
    getnameinfo(reinterpret_cast<sockaddr*>(&address), length, nullptr, 0, name.data(), name.size(), NI_NUMERICSERV);
  }
  std::replace(name.begin(), name.end(), '/', '-');
  return settings.rate_table + ".accept-" + name.data();
}

// multiwatch starts the next one at once. Its name tells nginx/restart-workers that this one serves nobody.
void PauseBeforeNextTry() {
  prctl(PR_SET_NAME, kNameWhileWaiting);
  EventLoop::StoppedWithin(kPauseBeforeNextTry);
}

void RefuseUnfitStorage(const Settings& settings) {
  try {
    RefuseForeignStorage(settings);
  } catch (const ForeignFileError& error) {
    throw UnfitSettings(error.what());
  }
}

int Serve(const Settings& settings) {
  ConfigureMalloc();

  const OpenStore open_store = OpenStorage(settings, Purpose::kServe);
  StorageHealth storage_health;
  const auto rate_limiter = OpenLimiter(settings);
  const auto addresses = OpenAddresses(settings);
  const Router<EndpointResult> router =
      MakeRouter({Now, OpenRecordingPolicy(settings), [&](Visit& visit) { addresses->Keep(visit); }});
  const std::unique_ptr<VisitWriter> store = open_store();
  Maintenance maintenance(open_store(), storage_health, Maintenance::kUsualWait, [&] { addresses->Watch(); });
  using When = Maintenance::When;
  GroupCommit group_commit(*store, storage_health,
                           [&maintenance](bool now) { maintenance.Wake(now ? When::kNow : When::kSoon); });
  Admission admission(*rate_limiter, {settings.visit_limit, settings.bulk_limit, settings.ipv6_prefix});
  VisitRecorder visit_recorder(admission, group_commit);
  HealthProbe health(open_store(), storage_health,
                     {[&group_commit] { return group_commit.under_way_since(); },
                      [&group_commit] { return group_commit.failed_bytes(); }});
  Acceptor acceptor(STDIN_FILENO, AcceptLockPath(settings));
  const std::chrono::seconds reader_timeout(settings.reader_timeout);
  EventLoop loop(std::chrono::seconds(settings.drain), {{router, visit_recorder, group_commit, storage_health, health,
                                                         open_store, settings.threads, reader_timeout},
                                                        acceptor});
  const int status = loop.Run() ? 0 : 1;
  SetExitDeadline(kExitTakes);  // all that follows is destructors
  return status;
}

}  // namespace

int RunWorker(int argc, char** argv) {
  CLI::App app("Answers page-count's requests over FastCGI on standard input's socket.", "page-count worker");
  Settings settings;
  AddWorkerSettings(app, settings);
  const bool is_in_a_pool = HasListeningSocket();
  if (is_in_a_pool) EventLoop::BlockSignals();
  const int status = RunCommand(app, argc, argv, [&] {
    if (is_in_a_pool) {
      // If workers have served this socket before, the file has become what it is meanwhile: they answer 503 until it
      // is back.
      if (access(AcceptLockPath(settings).c_str(), F_OK) != 0) RefuseUnfitStorage(settings);
      return Serve(settings);
    }
    RefuseUnfitStorage(settings);
    CheckStart(settings);
    throw std::runtime_error("standard input is no listening socket; start workers by spawn-fcgi (see README)");
  });
  if (is_in_a_pool && status != 0) PauseBeforeNextTry();
  return status;
}

}  // namespace page_count
