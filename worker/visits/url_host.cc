#include "worker/visits/url_host.h"

#include <arpa/inet.h>
#include <idn2.h>
#include <uriparser/Uri.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

namespace page_count {
namespace {

constexpr size_t kMaxNameLength = 253;
constexpr size_t kMaxLabelLength = 63;

struct Idn2Free {
  void operator()(char* text) const { idn2_free(text); }
};

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string Decoded(std::string_view reg_name) {
  std::string name(reg_name);
  if (name.find('%') == std::string::npos) return name;
  const char* end = uriUnescapeInPlaceExA(name.data(), URI_FALSE, URI_BR_DONT_TOUCH);
  name.resize(static_cast<size_t>(end - name.data()));
  return name;
}

void LowerAscii(std::string& text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
}

void ReplaceAll(std::string& text, std::string_view what, char by) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at))
    text.replace(at, what.size(), 1, by);
}

// UTS 46 maps these differently in its two modes.
bool HasDeviationCharacter(std::string_view label) {
  constexpr std::array<std::string_view, 5> kDeviations = {"\u00DF", "\u1E9E", "\u03C2", "\u200C", "\u200D"};
  return std::any_of(kDeviations.begin(), kDeviations.end(),
                     [label](std::string_view c) { return label.find(c) != std::string_view::npos; });
}

int LookUp(const std::string& label, int mode, std::string& a_label) {
  uint8_t* output = nullptr;
  const int status = idn2_lookup_u8(reinterpret_cast<const uint8_t*>(label.c_str()), &output, IDN2_NFC_INPUT | mode);
  const std::unique_ptr<char, Idn2Free> owned(reinterpret_cast<char*>(output));
  if (status == IDN2_MALLOC) throw std::bad_alloc();
  if (status == IDN2_OK) a_label = owned.get();
  return status;
}

std::optional<std::string> ALabel(const std::string& label) {
  std::string a_label;
  int status = LookUp(label, IDN2_NONTRANSITIONAL, a_label);
  // Symbols, emoji above all, are valid in UTS 46 and in browsers; libidn2 has them in its transitional mode only.
  if (status == IDN2_DISALLOWED && !HasDeviationCharacter(label)) status = LookUp(label, IDN2_TRANSITIONAL, a_label);
  if (status != IDN2_OK) return std::nullopt;
  return a_label;
}

// Label by label: an IDN label does not change what is allowed in the ASCII label beside it.
std::optional<std::string> ALabels(std::string name) {
  for (std::string_view full_stop : {"\u3002", "\uFF0E", "\uFF61"}) ReplaceAll(name, full_stop, '.');

  std::string a_labels;
  for (size_t begin = 0, end = 0; begin <= name.size(); begin = end + 1) {
    end = std::min(name.find('.', begin), name.size());
    const std::string label = name.substr(begin, end - begin);
    if (begin > 0) a_labels += '.';
    if (IsAscii(label) && !label.starts_with("xn--")) {
      a_labels += label;
      continue;
    }
    const std::optional<std::string> a_label = ALabel(label);
    if (!a_label || a_labels.size() > kMaxNameLength) return std::nullopt;  // no work on what is too long already
    a_labels += *a_label;
  }
  return a_labels;
}

bool IsHostName(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.size() > kMaxNameLength) return false;

  size_t label_length = 0;
  for (char c : name) {
    if (c == '.') {
      if (label_length == 0) return false;
      label_length = 0;
      continue;
    }
    const bool allowed = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (!allowed || ++label_length > kMaxLabelLength) return false;
  }
  return label_length > 0;
}

}  // namespace

std::optional<std::string> CanonicalHostName(std::string_view reg_name) {
  std::optional<std::string> name = Decoded(reg_name);
  LowerAscii(*name);
  if (!IsAscii(*name) || name->find("xn--") != std::string::npos) name = ALabels(*std::move(name));
  if (!name || !IsHostName(*name)) return std::nullopt;
  return name;
}

bool IsPlainHostName(std::string_view name) { return IsHostName(name) && name.find("xn--") == name.npos; }

std::string CanonicalIpv6Host(const unsigned char (&address)[16]) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (inet_ntop(AF_INET6, &address, text.data(), text.size()) == nullptr) std::abort();
  return '[' + std::string(text.data()) + ']';
}

}  // namespace page_count
