#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "worker/base/log.h"
#include "worker/commands/commands.h"
#include "worker/commands/existing_file.h"
#include "worker/commands/settings.h"
#include "worker/commands/start_check.h"
#include "worker/endpoints/endpoints.h"
#include "worker/ingest/health_probe.h"
#include "worker/ingest/maintenance.h"
#include "worker/limit/shared_rate_table.h"
#include "worker/server/fcgi_loop.h"
#include "worker/store/sqlite/sqlite_visit_store.h"
#include "worker/system/cpu_affinity.h"
#include "worker/system/malloc.h"

namespace page_count {
namespace {

constexpr std::chrono::seconds kPauseBeforeNextTry{5};
constexpr const char* kNameWhileWaiting = "page-count wait";  // 15 bytes at the most

bool HasListeningSocket() {
  struct stat status = {};
  return fstat(STDIN_FILENO, &status) == 0 && S_ISSOCK(status.st_mode);
}

// The threads that every visit keeps busy. Where connections are always spread, no worker is the one that takes them.
std::vector<pthread_t> ThreadsToBind(const Settings& settings, Recorder& recorder, Maintenance& maintenance) {
  if (!settings.cpu_affinity || settings.spread_at == 0) return {};
  return {pthread_self(), recorder.thread(), maintenance.thread()};
}

// A turn is for the workers of one listening socket: its address makes the name.
std::string AcceptTurnPath(const Settings& settings) {
  sockaddr_storage address{};
  socklen_t length = sizeof(address);
  if (getsockname(STDIN_FILENO, reinterpret_cast<sockaddr*>(&address), &length) != 0) length = 0;
  const std::string_view bytes(reinterpret_cast<const char*>(&address), length);
  return settings.rate_table + ".accept-" + std::to_string(std::hash<std::string_view>()(bytes));
}

// multiwatch starts the next one at once. Its name tells nginx/restart-workers that this one serves nobody.
void PauseBeforeNextTry() {
  prctl(PR_SET_NAME, kNameWhileWaiting);
  FcgiLoop::StoppedWithin(kPauseBeforeNextTry);
}

void RefuseForeignDatabaseFile(const Settings& settings) {
  try {
    RefuseForeignFile(settings.database);
  } catch (const ForeignFileError& error) {
    throw UnfitSettings(error.what());
  }
}

int Serve(const Settings& settings) {
  ConfigureMalloc();

  const OpenStore open_store = [&settings, sessions = std::make_shared<OpenSessions>(settings.database)] {
    return std::make_unique<SqliteVisitStore>(SqliteVisitStore::Options{
        .path = settings.database, .sync_wal = settings.wal_sync, .now = Now, .sessions = sessions});
  };
  StorageHealth storage_health;
  const auto rate_table = OpenRateTable(settings);
  Admission admission(*rate_table, {settings.visit_limit, settings.bulk_limit, settings.ipv6_prefix});
  const Router<Answer> router = MakeRouter({admission, Now});
  const auto store = open_store();
  Maintenance maintenance(open_store(), storage_health);
  using When = Maintenance::When;
  Recorder recorder(*store, storage_health,
                    [&maintenance](bool now) { maintenance.Wake(now ? When::kNow : When::kSoon); });
  HealthProbe health(
      open_store(), storage_health,
      {[&recorder] { return recorder.under_way_since(); }, [&recorder] { return recorder.failed_bytes(); }});
  DeferredThreads figures(settings.threads, open_store);
  DeferredThreads exports((settings.threads + 1) / 2, open_store);
  DeferredThreads cleanups(1, open_store);  // they would wait for each other anyway
  AcceptTurn accept_turn(AcceptTurnPath(settings), settings.spread_at, {pthread_self(), recorder.thread()});
  CpuAffinity cpu_affinity(ThreadsToBind(settings, recorder, maintenance));
  const std::chrono::seconds reader_timeout(settings.reader_timeout);
  FcgiLoop loop(STDIN_FILENO, std::chrono::seconds(settings.drain),
                {{router, recorder, figures, exports, cleanups, storage_health, health, reader_timeout},
                 accept_turn,
                 cpu_affinity});
  loop.Run();
  if (loop.unfinished() > 0) {
    LogLine("ends with " + std::to_string(loop.unfinished()) + " requests unfinished");
    std::_Exit(0);  // their threads use the loop or the store; what they do to the file is safe to cut off anywhere
  }
  if (health.is_looking()) std::_Exit(0);  // which may take as long as the disk hangs
  return 0;
}

}  // namespace

int RunWorker(int argc, char** argv) {
  CLI::App app("Answers page-count's requests over FastCGI on standard input's socket.", "page-count worker");
  Settings settings;
  AddWorkerSettings(app, settings);
  const bool is_in_a_pool = HasListeningSocket();
  if (is_in_a_pool) FcgiLoop::BlockSignals();
  const int status = RunCommand(app, argc, argv, [&] {
    if (is_in_a_pool) {
      // If workers have served this socket before, the file has become what it is meanwhile: they answer 503 until it
      // is back.
      if (access(AcceptTurnPath(settings).c_str(), F_OK) != 0) RefuseForeignDatabaseFile(settings);
      return Serve(settings);
    }
    RefuseForeignDatabaseFile(settings);
    CheckStart(settings);
    throw std::runtime_error("standard input is no listening socket; start workers by spawn-fcgi (see README)");
  });
  if (is_in_a_pool && status != 0) PauseBeforeNextTry();
  return status;
}

}  // namespace page_count
