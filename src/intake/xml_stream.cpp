#include "intake/xml_stream.h"

#include <expat.h>

#include <limits>

#include "base/check.h"

namespace intake {
namespace {

std::string_view without_prefix(const char* name) {
  const std::string_view whole(name);
  const std::size_t colon = whole.find(':');
  return colon == std::string_view::npos ? whole : whole.substr(colon + 1);
}

}  // namespace

std::string_view XmlAttributes::operator[](std::string_view name) const {
  for (const char** pair = pairs_; *pair != nullptr; pair += 2) {
    if (without_prefix(pair[0]) == name) return pair[1];
  }
  return {};
}

struct XmlStream::Parser {
  explicit Parser(XmlHandler& told) : handler(told), handle(XML_ParserCreate(nullptr)) {
    CHECK(handle != nullptr);
    XML_SetUserData(handle, this);
    XML_SetElementHandler(handle, on_start, on_end);
    XML_SetCharacterDataHandler(handle, on_text);
    XML_SetStartDoctypeDeclHandler(handle, on_doctype);
    XML_SetCommentHandler(handle, [](void* self, const char*) { of(self).waiting_bytes = 0; });
    XML_SetProcessingInstructionHandler(
        handle, [](void* self, const char*, const char*) { of(self).waiting_bytes = 0; });
  }
  ~Parser() { XML_ParserFree(handle); }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  static Parser& of(void* self) { return *static_cast<Parser*>(self); }
  static void on_start(void* self, const char* name, const char** attributes) {
    Parser& parser = of(self);
    parser.waiting_bytes = 0;
    if (++parser.depth > kXmlDepthMax) {
      parser.refuse();
    } else {
      parser.handler.start(without_prefix(name), XmlAttributes(attributes));
    }
  }
  static void on_end(void* self, const char* name) {
    Parser& parser = of(self);
    parser.waiting_bytes = 0;
    --parser.depth;
    if (!parser.is_refused) parser.handler.end(without_prefix(name));
  }
  static void on_text(void* self, const char* text, int bytes) {
    Parser& parser = of(self);
    parser.waiting_bytes = 0;
    if (!parser.is_refused) parser.handler.text({text, static_cast<std::size_t>(bytes)});
  }
  static void on_doctype(void* self, const char*, const char*, const char*, int) {
    of(self).refuse();
  }

  void refuse() {
    is_refused = true;
    XML_StopParser(handle, XML_FALSE);
  }

  XmlHandler& handler;
  XML_Parser handle;
  std::size_t depth = 0;
  std::size_t waiting_bytes = 0;  // given since something was told
  bool is_refused = false;
};

XmlStream::XmlStream(XmlHandler& handler) : parser_(std::make_unique<Parser>(handler)) {}

XmlStream::~XmlStream() = default;

bool XmlStream::feed(std::string_view bytes, bool last) {
  CHECK(bytes.size() < static_cast<std::size_t>(std::numeric_limits<int>::max()));
  Parser& parser = *parser_;
  if (parser.is_refused) return false;
  parser.waiting_bytes += bytes.size();
  const bool good = XML_Parse(parser.handle, bytes.data(), static_cast<int>(bytes.size()),
                              last ? 1 : 0) == XML_STATUS_OK;
  if (!good || parser.waiting_bytes > kXmlTagBytesMax) parser.is_refused = true;
  return !parser.is_refused;
}

}  // namespace intake
