#include "worker/server/fcgi_output.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <string>
#include <string_view>
#include <utility>

#include "tests/unit/fastcgi_request.h"

namespace page_count {
namespace {

class FcgiOutputTest : public testing::Test {
 protected:
  FcgiOutputTest() { Reopen(SOCK_STREAM); }
  ~FcgiOutputTest() override {
    CloseOurs();
    ClosePeer();
  }

  void Reopen(int type) {
    CloseOurs();
    ClosePeer();
    EXPECT_EQ(socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, sockets_), 0);
  }
  void CloseOurs() { Close(sockets_[0]); }
  void ClosePeer() { Close(sockets_[1]); }

  // All that the peer reads until our end is closed.
  std::string ReadAll() const {
    std::string all;
    std::string piece(10'000, '\0');
    for (ssize_t got = 1; got > 0; all.append(piece, 0, static_cast<size_t>(got))) {
      got = read(sockets_[1], piece.data(), piece.size());
      if (got < 0) return "cannot read";
    }
    return all;
  }

  // What the peer gets of an answer that `write` writes.
  template <typename Write>
  std::string Sent(uint16_t request_id, Write write) {
    auto all = std::async(std::launch::async, [this] { return ReadAll(); });
    FcgiOutput output(sockets_[0], request_id, queue_);
    write(output);
    output.Finish();
    while (!queue_.is_empty()) queue_.Resume(sockets_[0]);
    EXPECT_FALSE(queue_.has_failed());
    CloseOurs();
    return all.get();
  }

  // The contents of the records of standard output, one after the other; they end with an empty one.
  static std::string TakeStdout(std::string_view& records) {
    std::string contents;
    for (;;) {
      const auto byte = [&](size_t at) { return static_cast<size_t>(static_cast<unsigned char>(records.at(at))); };
      const size_t size = byte(4) << 8 | byte(5);
      const std::string content(records.substr(8, size));
      EXPECT_EQ(records.substr(0, 8 + size), Record(FastCgiRecord::kStdout, content));
      records.remove_prefix(8 + size);
      if (size == 0) return contents;
      contents += content;
    }
  }

  int sockets_[2] = {-1, -1};
  SendQueue queue_;

 private:
  static void Close(int& socket) {
    if (socket >= 0) close(std::exchange(socket, -1));
  }
};

TEST_F(FcgiOutputTest, AShortAnswerIsOneRecordAndItsEndInOneWrite) {
  Reopen(SOCK_SEQPACKET);  // of which a read gets what one write has sent
  FcgiOutput output(sockets_[0], 1, queue_);
  output.Write("head, ");
  output.Write("body");
  output.Finish();
  std::string sent(1'000, '\0');
  sent.resize(static_cast<size_t>(read(sockets_[1], sent.data(), sent.size())));
  EXPECT_EQ(sent, Record(FastCgiRecord::kStdout, "head, body") + EndOfAnswer());
}

TEST_F(FcgiOutputTest, ALongAnswerIsAsManyRecordsAsItTakes) {
  for (const size_t bytes : {32'759U, 32'760U, 32'761U, 65'519U, 65'520U, 65'521U, 1'000'000U}) {
    std::string text(bytes, '.');
    for (size_t i = 0; i < bytes; ++i) text[i] = static_cast<char>('a' + i % 23);
    for (const size_t at_once : {bytes, bytes - 1, size_t{7'001}}) {
      Reopen(SOCK_STREAM);
      const std::string sent = Sent(1, [&](FcgiOutput& output) {
        for (size_t at = 0; at < bytes; at += at_once) output.Write(std::string_view(text).substr(at, at_once));
      });
      std::string_view records = sent;
      EXPECT_EQ(TakeStdout(records), text) << bytes << " bytes, " << at_once << " at once";
      EXPECT_EQ(records, EndOfAnswer().substr(8)) << bytes << " bytes, " << at_once << " at once";
    }
  }
}

TEST_F(FcgiOutputTest, EveryRecordNamesItsRequest) {
  std::string sent = Sent(0x1234, [](FcgiOutput& output) { output.Write("text"); });
  for (const size_t record : {0U, 12U, 20U}) {
    EXPECT_EQ(sent.substr(record + 2, 2), "\x12\x34");
    sent.replace(record + 2, 2, std::string("\0\1", 2));
  }
  EXPECT_EQ(sent, Record(FastCgiRecord::kStdout, "text") + EndOfAnswer());
}

TEST_F(FcgiOutputTest, SaysThatThePeerIsGone) {
  ClosePeer();
  FcgiOutput output(sockets_[0], 1, queue_);
  output.Write("short");
  EXPECT_FALSE(queue_.has_failed()) << "nothing is sent yet";
  output.Write(std::string(40'000, 'a'));
  EXPECT_TRUE(queue_.has_failed());
  output.Finish();
  EXPECT_TRUE(queue_.is_empty()) << "nobody will read it";
}

TEST_F(FcgiOutputTest, KeepsWhatAPeerDoesNotTakeAndSendsItLaterInOrder) {
  std::string text(2'000'000, '.');
  for (size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>('a' + i % 23);
  FcgiOutput(sockets_[0], 1, queue_).Flush();
  EXPECT_TRUE(queue_.is_empty()) << "nothing was written";
  {
    FcgiOutput output(sockets_[0], 1, queue_);
    output.Write(std::string_view(text).substr(0, 1'000'000));
    output.Flush();
  }
  EXPECT_FALSE(queue_.is_empty());
  EXPECT_FALSE(queue_.has_failed());
  const std::string sent = Sent(1, [&](FcgiOutput& output) { output.Write(std::string_view(text).substr(1'000'000)); });
  std::string_view records = sent;
  EXPECT_EQ(TakeStdout(records), text);
}

TEST_F(FcgiOutputTest, AnAnswerBegunAnewForgetsWhatWasNotSent) {
  FcgiOutput(sockets_[0], 1, queue_).Write("not sent");
  EXPECT_EQ(Sent(1, [](FcgiOutput& output) { output.Write("sent"); }),
            Record(FastCgiRecord::kStdout, "sent") + EndOfAnswer());
}

}  // namespace
}  // namespace page_count
