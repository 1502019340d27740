// UTF-8 text: validity, NFC, nearest names, widths. ICU is named in text.cpp alone.
// Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace base {

// Valid UTF-8 (no surrogates, no overlong forms).
bool is_utf8(std::string_view text);
// Bytes before the first one that is not valid UTF-8; the whole length for valid text.
std::size_t utf8_prefix(std::string_view text);

// Normal form C. Requires valid UTF-8. Cheap for text that already is.
std::string to_nfc(std::string_view text);

// Code points in valid UTF-8.
std::size_t code_points(std::string_view text);

// The candidate with the smallest edit distance (Damerau, in code points) to `text`, if that is at
// most a third of the longer one's length, rounded up, and at most 4; ties: the first in byte
// order. Names longer than 128 code points are near to nothing.
std::optional<std::string> nearest(std::string_view text, std::span<const std::string> candidates);

// What encodings files come in.
enum class Encoding { utf8, utf16_le, utf16_be, gb18030 };
// From the mark, else UTF-16 when most commas, tabs and line ends have a NUL beside them (at least
// two), else UTF-8 if valid, else GB18030. `head`: the first 64 KiB or the whole file; a character
// cut at the end of `head` does not count against UTF-8.
Encoding detect_encoding(std::string_view head);

// Lower-case hexadecimal, and base64url without padding.
std::string to_hex(std::span<const std::byte> bytes);
std::string to_base64url(std::span<const std::byte> bytes);
// The bytes, from digits of either case; nothing for odd lengths and other characters.
std::optional<std::string> from_hex(std::string_view text);

// SHA-256, 32 bytes.
std::string sha256(std::string_view bytes);
// HMAC-SHA-256, 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view bytes);
// Compares secrets in time that does not depend on where they differ; their lengths are no secret.
bool equal_secrets(std::string_view left, std::string_view right);

}  // namespace base
