#include "worker/store/sqlite/log/text_statements.h"

#include <array>

namespace page_count {

const TextStatements& StatementsOf(Dimension column) {
  static constexpr std::array<TextStatements, kColumns> kStatements = {{
      {.find_all = "page_find_all(rows(row, url)) -> row, id",
       .add = "page_add(rows(id, url))",
       .find = "page_find(url) -> id",
       .text = "page_url(page_id) -> url",
       .range = "page_range(from_id, before_id) -> id, url",
       .ids = "page_ids() -> id",
       .delete_ids = "page_delete(rows(id))"},
      {.find_all = "client_find_all(rows(row, address)) -> row, id",
       .add = "client_add(rows(id, address))",
       .find = "client_find(address) -> id",
       .text = "client_address(client_id) -> address",
       .range = "client_range(from_id, before_id) -> id, address",
       .ids = "client_ids() -> id",
       .delete_ids = "client_delete(rows(id))"},
      {.find_all = "agent_find_all(rows(row, name)) -> row, id",
       .add = "agent_add(rows(id, name))",
       .find = "agent_find(name) -> id",
       .text = "agent_name(agent_id) -> name",
       .range = "agent_range(from_id, before_id) -> id, name",
       .ids = "agent_ids() -> id",
       .delete_ids = "agent_delete(rows(id))"},
      {.find_all = "source_find_all(rows(row, name)) -> row, id",
       .add = "source_add(rows(id, name))",
       .find = "source_find(name) -> id",
       .text = "source_name(source_id) -> name",
       .range = "source_range(from_id, before_id) -> id, name",
       .ids = "source_ids() -> id",
       .delete_ids = "source_delete(rows(id))"},
  }};
  return kStatements[IndexOf(column)];
}

}  // namespace page_count
