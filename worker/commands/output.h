// A command's standard output. What cannot be written there is an error, never silence.
//
// Throws std::runtime_error: "cannot write to standard output: why". One thread.
#ifndef PAGE_COUNT_COMMANDS_OUTPUT_H_
#define PAGE_COUNT_COMMANDS_OUTPUT_H_

#include <string_view>

namespace page_count {

// At the process's start: a write to a closed pipe, or beyond the size that a file may have, fails instead of ending
// the process, and a standard stream that was closed is no number for the next file that is opened.
void PrepareStreams();

void Print(std::string_view text);

// Once a command has printed all: nothing of it is still to be written when this returns.
void FinishOutput();

}  // namespace page_count

#endif  // PAGE_COUNT_COMMANDS_OUTPUT_H_
