// The ?hours= of the analytics endpoints: from when on visits are counted.
#ifndef PAGE_COUNT_ENDPOINTS_WINDOW_H_
#define PAGE_COUNT_ENDPOINTS_WINDOW_H_

#include "worker/http/query_string.h"
#include "worker/visits/utc_time.h"

namespace page_count {

// Where the window starts: now - hours (24 unless given), to the second.
Result<UtcTime, InvalidInput> ReadWindowStart(const QueryString& query, UtcTime now);

}  // namespace page_count

#endif  // PAGE_COUNT_ENDPOINTS_WINDOW_H_
