// What a visit's source tells: the site, the medium, and the campaign.
//
// Pure, any thread.
#ifndef PAGE_COUNT_ATTRIBUTES_SOURCE_TRAITS_H_
#define PAGE_COUNT_ATTRIBUTES_SOURCE_TRAITS_H_

#include <string>
#include <string_view>

namespace page_count {

struct SourceTraits {
  std::string site;      // "Google", "news.example"; what the campaign says, or else the referrer's; may be empty
  std::string medium;    // search, social, mail, link, campaign or direct
  std::string campaign;  // its name; may be empty
};

// Of a text as SourceText makes it.
SourceTraits SourceTraitsOf(std::string_view source);

}  // namespace page_count

#endif  // PAGE_COUNT_ATTRIBUTES_SOURCE_TRAITS_H_
