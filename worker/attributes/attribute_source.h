// Works out the attributes of texts: a page's host, an agent's browser, a client's country.
//
// A store asks once a text and keeps the answer; texts that it has not asked about yet it asks about for a single
// question. Any thread, so that the stores of a process share one.
#ifndef PAGE_COUNT_ATTRIBUTES_ATTRIBUTE_SOURCE_H_
#define PAGE_COUNT_ATTRIBUTES_ATTRIBUTE_SOURCE_H_

#include <string>
#include <string_view>

#include "worker/visits/dimension.h"

namespace page_count {

class AttributeSource {
 public:
  virtual ~AttributeSource() = default;

  // Of a text of its column; empty if it is not known.
  virtual std::string ValueOf(Dimension attribute, std::string_view text) = 0;
  // Of the attributes of a column. Once it is another one all its texts are asked about again; nothing is kept while it
  // is empty.
  virtual std::string VersionOf(Dimension column) = 0;
  // Frees what takes much memory, until it is needed again.
  virtual void Rest() {}
};

}  // namespace page_count

#endif  // PAGE_COUNT_ATTRIBUTES_ATTRIBUTE_SOURCE_H_
