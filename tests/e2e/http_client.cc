#include "tests/e2e/http_client.h"

#include <curl/curl.h>
#include <strings.h>

#include <cctype>
#include <stdexcept>

namespace page_count::e2e {
namespace {

size_t TakeBody(const char* bytes, size_t size, size_t count, void* response) {
  static_cast<HttpResponse*>(response)->body.append(bytes, size * count);
  return size * count;
}

size_t TakeHeader(const char* bytes, size_t size, size_t count, void* target) {
  auto& response = *static_cast<HttpResponse*>(target);
  std::string_view line(bytes, size * count);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) {
    response.headers.clear();
    response.is_http2 = line.starts_with("HTTP/2");
  } else if (const size_t colon = line.find(':'); colon != std::string_view::npos) {
    const size_t value = line.find_first_not_of(' ', colon + 1);
    response.headers.emplace_back(line.substr(0, colon),
                                  value == std::string_view::npos ? std::string_view() : line.substr(value));
  }
  return size * count;
}

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::unique_ptr<curl_slist, FreeList> HeaderList(const HttpRequest& request) {
  curl_slist* list = curl_slist_append(nullptr, "Expect:");
  bool typed = false;
  for (const std::string& header : request.headers) {
    typed = typed || strncasecmp(header.c_str(), "Content-Type", 12) == 0;
    list = curl_slist_append(list, header.c_str());
  }
  if (!typed) list = curl_slist_append(list, "Content-Type:");
  return std::unique_ptr<curl_slist, FreeList>(list);
}

std::string Base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string encoded;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    unsigned group = 0;
    for (size_t j = i; j < i + 3; ++j)
      group = group << 8 | (j < bytes.size() ? static_cast<unsigned char>(bytes[j]) : 0);
    for (size_t j = 0; j < 4; ++j) encoded += i + j > bytes.size() ? '=' : kDigits[group >> (18 - 6 * j) & 63];
  }
  return encoded;
}

}  // namespace

std::vector<std::string> HttpResponse::HeaderValues(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : headers) {
    if (key.size() == name.size() && strncasecmp(key.data(), name.data(), name.size()) == 0) values.push_back(value);
  }
  return values;
}

std::string HttpResponse::Header(std::string_view name) const {
  const auto values = HeaderValues(name);
  return values.empty() ? "" : values.front();
}

void HttpClient::CloseHandle::operator()(void* handle) const { curl_easy_cleanup(handle); }

HttpClient::HttpClient(int port, Protocol protocol, const std::string& source_address)
    : port_(port), protocol_(protocol), source_address_(source_address) {
  static const CURLcode kInitialised = curl_global_init(CURL_GLOBAL_ALL);
  if (kInitialised == CURLE_OK) handle_.reset(curl_easy_init());
  if (!handle_) throw std::runtime_error("libcurl does not start");
}

HttpResponse HttpClient::Send(const HttpRequest& request) {
  CURL* handle = handle_.get();
  HttpResponse response;
  char error[CURL_ERROR_SIZE] = "";
  const std::string url =
      (protocol_ == Protocol::kHttp ? "http://127.0.0.1:" : "https://127.0.0.1:") + std::to_string(port_) + "/";
  const auto headers = HeaderList(request);
  curl_easy_reset(handle);
  curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
  curl_easy_setopt(handle, CURLOPT_REQUEST_TARGET, request.target.c_str());
  curl_easy_setopt(handle, CURLOPT_INTERFACE, ("host!" + source_address_).c_str());
  curl_easy_setopt(handle, CURLOPT_HTTP_VERSION,
                   static_cast<long>(protocol_ == Protocol::kHttp2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 0L);
  curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 0L);
  curl_easy_setopt(handle, CURLOPT_PROXY, "");
  curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, 30000L);
  curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, error);
  curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, TakeBody);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, &response);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, TakeHeader);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, &response);
  if (request.body) {
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body->size()));
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body->data());
  }
  if (request.method == "HEAD") {
    curl_easy_setopt(handle, CURLOPT_NOBODY, 1L);
  } else {
    curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
  const CURLcode outcome = curl_easy_perform(handle);
  if (outcome != CURLE_OK) {
    throw std::runtime_error(request.method + " " + request.target.substr(0, 200) + ": " +
                             (error[0] != '\0' ? error : curl_easy_strerror(outcome)));
  }
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  response.status = static_cast<int>(status);
  return response;
}

std::string Encoded(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || std::string_view("-._~").find(c) != std::string_view::npos) {
      encoded += c;
    } else {
      encoded += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return encoded;
}

std::string BasicCredentials(std::string_view user, std::string_view password) {
  return "Authorization: Basic " + Base64(std::string(user) + ":" + std::string(password));
}

}  // namespace page_count::e2e
