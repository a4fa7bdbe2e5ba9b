// The text of an input: what its bytes are once they are decompressed. Whether they are gzip, they say themselves.
//
// Several gzip files put together are one text, as zcat has it. One thread. Throws InputError, also if the compressed
// data is damaged or ends too soon; what came before it has been read then.
#ifndef PAGE_COUNT_COMMANDS_INPUT_TEXT_H_
#define PAGE_COUNT_COMMANDS_INPUT_TEXT_H_

#include <memory>
#include <string>
#include <string_view>

#include "worker/commands/raw_input.h"

namespace page_count {

class InputText {
 public:
  static constexpr size_t kPeekBytes = 4'096;

  // Borrows the input, from its start on.
  explicit InputText(RawInput& input);
  ~InputText();

  // The first bytes, at least kPeekBytes of them unless the text is shorter. Before any Read.
  std::string_view Peek();
  // Returns how many bytes it got, 0 at the end only.
  size_t Read(char* to, size_t size);

  const std::string& name() const { return input_.name(); }

 private:
  struct Inflater;

  // Makes sure that there are compressed bytes, or plain ones that were read ahead; false at the end.
  bool Refill();
  size_t ReadPlain(char* to, size_t size);
  size_t Inflate(char* to, size_t size);
  bool IsAtNextMember();

  RawInput& input_;
  std::string raw_;  // read ahead
  size_t raw_at_ = 0;
  std::unique_ptr<Inflater> inflater_;  // of gzip
  int status_ = 0;                      // its last
  std::string peeked_;
  size_t peeked_at_ = 0;
};

}  // namespace page_count

#endif  // PAGE_COUNT_COMMANDS_INPUT_TEXT_H_
