// Where in a write-ahead log, and in its index, SQLite keeps what this engine reads there by itself.
//
// The log: https://sqlite.org/walformat.html. A header, then frames, each a header and a page of the file. Both headers
// hold the log's salt; a frame with another salt is left over from before the log started over.
// The index: the same page, "the WAL-index file format". Two copies of a header at the start, then how many frames are
// in the file. Offsets and sizes in bytes.
#ifndef PAGE_COUNT_STORE_SQLITE_ENGINE_WAL_FORMAT_H_
#define PAGE_COUNT_STORE_SQLITE_ENGINE_WAL_FORMAT_H_

#include <cstddef>
#include <string_view>

namespace page_count {

constexpr size_t kWalHeaderBytes = 32;
constexpr size_t kWalHeaderSalt = 16;
constexpr size_t kWalFrameHeaderBytes = 24;
constexpr size_t kWalFrameSalt = 8;  // in a frame's header
constexpr size_t kWalSaltBytes = 8;
constexpr std::string_view kWalMagic("\x37\x7f\x06", 3);  // the header's first; the fourth byte is 0x82 or 0x83

constexpr int kWalIndexPageBytes = 32'768;
constexpr size_t kWalIndexHeadersBytes = 96;
constexpr size_t kWalIndexFrames = 16;                    // of the log: four bytes
constexpr size_t kWalIndexSalt = 32;                      // the log's
constexpr size_t kWalIndexMoved = kWalIndexHeadersBytes;  // frames that are in the file: four bytes

}  // namespace page_count

#endif  // PAGE_COUNT_STORE_SQLITE_ENGINE_WAL_FORMAT_H_
