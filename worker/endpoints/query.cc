#include "worker/endpoints/endpoints.h"
#include "worker/endpoints/query_answer.h"
#include "worker/endpoints/query_parameters.h"

namespace page_count {

// GET /query: visits and visitors of any range, by anything that is known of them.
EndpointResult GetQuery(const Request& request, const Service& service) {
  const UtcTime now = service.now();
  auto parameters = ReadQueryParameters(QueryString(request.query), now);
  if (!parameters) return UnprocessableEntity(parameters.error());
  for (std::string& page : parameters->question.filters[IndexOf(Dimension::kPage)]) {
    page = service.policy->PageOf(*TrackedUrl::Parse(page)).text();
  }

  return BackgroundJob{[parameters = *parameters, now](VisitReader& store) {
    const Answers answers = store.Ask(QueryInquiry(parameters, now));
    if (parameters.format == QueryParameters::Format::kJson) return Ok(QueryJson(parameters, answers, now));
    Response response = Ok(QueryCsv(parameters, answers, now));
    response.content_type = "text/csv; charset=utf-8";
    return response;
  }};
}

}  // namespace page_count
