// How addresses expire. All of it under the maintenance lock, each step a short write transaction.
//
//   a. If a visit of the tail is too old: seal the tail, whose rows have their addresses themselves, and delete the
//      rows. The next call goes on, once countries of new clients are worked out.          Dead: see sealer.cc.
//   b. Find the clients of visits that are new enough: in blocks, and by address in the tail.   Dead: nothing has
//      changed.
//   c. Some hundred at a time, give the other clients pseudonyms, but for those that were recorded meanwhile.
//                                                          Dead before the commit: nothing of it; after it: all of it.
//                                                          The next pass finds the rest.
//   d. Erase the log: see Checkpointer::EraseLog.        Dead: the next process erases it.
// A client keeps its id, so blocks, sets and totals stay as they are. Each transaction of c starts the next generation:
// by what workers remember of texts a client that comes back would still be known by its address. It is a new client.
// The pseudonym has the client's country, as the attribute job reads texts again that have their codes already.

#include "worker/store/sqlite/columns/address_expirer.h"

#include <algorithm>

#include "worker/base/random_key.h"
#include "worker/store/sqlite/engine/write_transaction.h"
#include "worker/store/sqlite/log/client_address.h"
#include "worker/store/sqlite/log/dictionary.h"
#include "worker/store/sqlite/log/text_statements.h"
#include "worker/store/sqlite/log/visit_log.h"
#include "worker/visits/pseudonym.h"

namespace page_count {
namespace {

constexpr std::chrono::hours kBetweenPasses(24);
constexpr int64_t kReadAtOnce = 4'096;      // clients
constexpr size_t kExpiredAtOnce = 256;      // a transaction's
constexpr size_t kExpiredInACall = 16'384;  // about

}  // namespace

AddressExpirer::AddressExpirer(Connection& connection, const DatabaseLock& writer, Sealer& sealer,
                               Checkpointer& checkpointer, std::chrono::days retention)
    : connection_(connection),
      writer_(writer),
      sealer_(sealer),
      checkpointer_(checkpointer),
      retention_(retention),
      state_(connection),
      blocks_(connection),
      attributes_(connection),
      visit_range_(connection, kVisitRange),
      client_range_(connection, StatementsOf(Dimension::kClient).range),
      expire_(connection, "client_expire(rows(id, address))"),
      must_erase_(retention.count() > 0) {}

bool AddressExpirer::IsDue(UtcTime now) const { return retention_.count() > 0 && (must_erase_ || IsPassDue(now)); }

// Also after the clock was put back.
bool AddressExpirer::IsPassDue(UtcTime now) const {
  return !last_pass_ || now >= *last_pass_ + kBetweenPasses || now < *last_pass_;
}

bool AddressExpirer::ExpireSome(UtcTime now) {
  if (!IsDue(now)) return false;
  if (IsPassDue(now)) {
    if (WorkOnPass(FirstIdAt(now - retention_))) return true;
    last_pass_ = now;
  }
  if (must_erase_ && checkpointer_.EraseLog()) must_erase_ = false;
  return false;
}

bool AddressExpirer::WorkOnPass(VisitId before) {
  if (sealer_.SealAllIfOlder(before)) return true;
  FindActive(before);
  const int64_t last_id = state_.Read().last_ids[IndexOf(Dimension::kClient)];
  for (size_t expired = 0; next_client_ <= last_id; next_client_ += kReadAtOnce) {
    if (expired >= kExpiredInACall) return true;
    const auto clients = FindExpired(next_client_, next_client_ + kReadAtOnce);
    expired += clients.size();
    for (size_t first = 0; first < clients.size(); first += kExpiredAtOnce) {
      Expire(std::span(clients).subspan(first, std::min(kExpiredAtOnce, clients.size() - first)));
    }
  }
  active_ = {};
  tail_addresses_ = {};
  country_codes_ = {};
  next_client_ = 0;
  return false;
}

void AddressExpirer::FindActive(VisitId before) {
  Transaction snapshot(connection_, Transaction::Kind::kRead);
  const LogState state = state_.Read();
  const int64_t last_id = state.last_ids[IndexOf(Dimension::kClient)];
  active_.assign(static_cast<size_t>(last_id) + 1, false);
  for (const Block& block : blocks_.Find(before, kAfterAllVisits)) {
    if (block.first >= before) {
      for (const int64_t id : blocks_.ReadColumn(block, Dimension::kClient).ids)
        active_[static_cast<size_t>(id)] = true;
      continue;
    }
    for (const VisitRow& visit : blocks_.ReadVisits(block)) {
      if (visit.id >= before) active_[static_cast<size_t>(visit.client())] = true;
    }
  }
  countries_ = attributes_.ReadValues(Dimension::kCountry);
  country_codes_ = attributes_.ReadCodes(Dimension::kCountry, last_id, countries_.texts().size());
  tail_addresses_.clear();
  noted_up_to_ = state.sealed_watermark;
  NoteTail();
}

void AddressExpirer::NoteTail() {
  TailRows tail = ReadTail(visit_range_, noted_up_to_ + 1, kAfterAllVisits, -1);
  if (tail.rows.empty()) return;
  noted_up_to_ = tail.rows.back().id;
  for (std::string& address : tail.addresses) tail_addresses_.insert(std::move(address));
}

std::vector<AddressExpirer::Client> AddressExpirer::FindExpired(int64_t from_id, int64_t before_id) {
  std::vector<Client> clients;
  Rows rows = client_range_.Run(from_id, before_id);
  while (rows.Next()) {
    const int64_t id = rows.Int(0);
    const std::string_view address = rows.Bytes(1);
    if (!active_[static_cast<size_t>(id)] && !IsPackedPseudonym(address)) clients.emplace_back(id, address);
  }
  return clients;
}

void AddressExpirer::Expire(std::span<const Client> clients) {
  std::vector<std::string> pseudonyms;
  std::vector<TextRow> rows;
  pseudonyms.reserve(clients.size());
  {
    WriteTransaction transaction(connection_, writer_);
    NoteTail();  // nobody records meanwhile
    for (const auto& [id, address] : clients) {
      if (tail_addresses_.contains(address)) continue;
      rows.push_back({id, pseudonyms.emplace_back(PseudonymFor(id))});
    }
    if (rows.empty()) return;
    expire_.Execute(ArrayRows(rows));
    state_.StartNextGeneration();
    transaction.Commit();
  }
  must_erase_ = true;
  checkpointer_.RunIfDue();
}

std::string AddressExpirer::PseudonymFor(int64_t client) const {
  const AttributeCode country = country_codes_[static_cast<size_t>(client)];
  return PackAddress(Pseudonym{.kind = Pseudonym::Kind::kExpired,
                               .country = countries_.texts()[country],
                               .number = RandomKey<Pseudonym::Number>()}
                         .Text());
}

}  // namespace page_count
