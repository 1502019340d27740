// Inside the module: XML piece by piece, without a tree. Expat is named in xml_stream.cpp alone.
//
// Names are told without their prefix (x:row is "row"). What is refused: what is not well formed,
// a document type (and so entities of its own), elements deeper than kXmlDepthMax, a tag, comment
// or instruction longer than kXmlTagBytesMax. Not thread safe.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace intake {

inline constexpr std::size_t kXmlDepthMax = 64;
inline constexpr std::size_t kXmlTagBytesMax = 1024 * 1024;

// Of one element, while its start is told.
class XmlAttributes {
 public:
  explicit XmlAttributes(const char** pairs) : pairs_(pairs) {}
  // "" where there is none; the first of those that differ in their prefix alone.
  std::string_view operator[](std::string_view name) const;

 private:
  const char** pairs_;
};

class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void start(std::string_view name, const XmlAttributes& attributes) = 0;
  virtual void end(std::string_view name) = 0;
  // Text may come in any number of pieces, cut between characters.
  virtual void text(std::string_view piece) = 0;
};

class XmlStream {
 public:
  // `handler` must outlive it.
  explicit XmlStream(XmlHandler& handler);
  ~XmlStream();

  // False: refused, here or before. `last`: nothing comes behind `bytes`.
  bool feed(std::string_view bytes, bool last);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace intake
