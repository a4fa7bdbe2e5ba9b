#include "worker/ingest/health_probe.h"

#include <pthread.h>

#include <algorithm>
#include <utility>

#include "worker/base/log.h"

namespace page_count {
namespace {

// As /stats does.
Inquiry WholeSite() {
  return {{{}, {.measure = Question::Measure::kVisitors}, {.group_by = {Dimension::kPage}, .limit = 1}},
          NewestVisits{.limit = 1}};
}

}  // namespace

HealthProbe::HealthProbe(std::unique_ptr<VisitStore> store, StorageHealth& storage_health, Commits commits,
                         std::function<TimePoint()> now)
    : store_(std::move(store)),
      storage_health_(storage_health),
      commits_(std::move(commits)),
      now_(std::move(now)),
      thread_([this] { Run(); }) {}

HealthProbe::~HealthProbe() {
  {
    const MutexLock lock(mutex_);
    is_stopping_ = true;
  }
  changed_.Signal();
  thread_.join();
}

bool HealthProbe::Ask() {
  const TimePoint now = now_();
  if (IsStuck(now)) return true;
  {
    const MutexLock lock(mutex_);
    if (last_ && now - last_->ended < kStaysFresh && WorksByLastLook()) return true;
    is_asked_ = true;
  }
  changed_.Signal();
  return false;
}

bool HealthProbe::IsHealthy() {
  if (IsStuck(now_())) return false;
  const MutexLock lock(mutex_);
  return last_ && WorksByLastLook();
}

bool HealthProbe::WorksByLastLook() const {
  if (!last_->works) return false;
  const auto recording = storage_health_.recording();
  return !recording.is_failing() || *recording.failed < last_->began;
}

bool HealthProbe::IsStuck(TimePoint now) {
  const auto takes_long = [now](const std::optional<TimePoint>& since) { return since && now - *since >= kPatience; };
  bool is_stuck = takes_long(commits_.under_way_since());
  {
    const MutexLock lock(mutex_);
    is_stuck = is_stuck || takes_long(looking_since_);
  }
  if (is_stuck != std::exchange(is_stuck_, is_stuck)) {
    LogLine(is_stuck ? "storage does not respond: it is locked by another process, or the disk hangs; /health gets 503"
                     : "storage responds again");
  }
  return is_stuck;
}

void HealthProbe::Run() {
  pthread_setname_np(pthread_self(), "health");
  for (;;) {
    TimePoint began;
    {
      const MutexLock lock(mutex_);
      while (!is_asked_ && !is_stopping_) changed_.Wait(mutex_);
      if (is_stopping_) return;
      is_asked_ = false;
      began = now_();
      looking_since_ = began;
    }
    const bool works = LookAt(began);
    {
      const MutexLock lock(mutex_);
      looking_since_.reset();
      last_ = {began, now_(), works};
    }
    looked_.Signal();
  }
}

bool HealthProbe::LookAt(TimePoint began) { return CanRead(began) && CanWrite(began); }

bool HealthProbe::CanRead(TimePoint began) {
  return storage_health_.Run(StorageHealth::Use::kProbe, [&] {
    const int64_t newest = store_->ProbeReading();
    if (storage_health_.is_reading_failing())
      store_->Ask(WholeSite());  // what fails for them may be elsewhere in the file
    if (read_at_ && newest > newest_visit_) recorded_by_anybody_ = read_at_;
    read_at_ = began;
    newest_visit_ = newest;
  });
}

bool HealthProbe::CanWrite(TimePoint began) {
  const auto own = storage_health_.recording();
  const auto recorded = std::max(own.worked, recorded_by_anybody_);
  const bool is_failing = own.failed && (!recorded || *own.failed > *recorded);
  if (recorded && !is_failing && began - *recorded < kProofLasts) return true;
  if (wrote_at_ && began - *wrote_at_ < kProofLasts) {
    return writing_works_ && (!is_failing || *own.failed < *wrote_at_);
  }
  wrote_at_ = began;
  const int64_t bytes = is_failing ? std::max(kRoomBytes, commits_.failed_bytes()) : kRoomBytes;
  writing_works_ = storage_health_.Run(StorageHealth::Use::kProbe, [&] { store_->ProbeWriting(bytes); });
  return writing_works_;
}

}  // namespace page_count
