#pragma once

// The files of the page, embedded in the program. Written by web/embed.mjs at build time; read-only.

#include <span>
#include <string_view>

namespace livetape::web {

struct PageFile {
  std::string_view path;  // "/", "/favicon.svg", "/assets/index-B1x9.js"
  std::string_view content_type;
  std::string_view tag;  // of the bytes as they are, without quotes
  bool immutable;        // the path names the content: it never changes
  std::string_view identity;
  std::string_view gzip;    // empty: no smaller than identity
  std::string_view brotli;  // likewise
};

extern const std::span<const PageFile> kPageFiles;

}  // namespace livetape::web
