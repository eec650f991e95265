#pragma once

// The page (API section 11): its files, precompressed, with caching and a strict policy of what may
// run in it.

#include <span>
#include <string_view>

#include "http/message.h"
#include "http/router.h"
#include "web/page.h"

namespace livetape::api {

// Script and style only from files of this server; no plug-in, frame or foreign form; no text turned
// into code or markup but by the two named policies: Svelte's templates, and the page's worker.
inline constexpr std::string_view kPagePolicy =
    "default-src 'self'; script-src 'self'; style-src 'self'; worker-src 'self'; "
    "connect-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types svelte-trusted-html livetape";

// `file` in the coding the client takes best, or 304 if it has it already.
http::Response PageAnswer(const web::PageFile& file, const http::Request& request);

// A route per file outside of /assets/, and GET /assets/{name}. `files` outlives the router.
void AddPage(http::Router& router, std::span<const web::PageFile> files);

}  // namespace livetape::api
