#pragma once

// AlpacaError: refusals in the form of the Alpaca family: {"code":42210000,"message":"..."}. Pure
// functions; any thread.

#include <string>
#include <string_view>

#include "http/message.h"

namespace livetape::api {

// Alpaca's codes.
inline constexpr int kCodeBadRequest = 40010000;
inline constexpr int kCodeClientIdTaken = 40010001;
inline constexpr int kCodeUnauthorized = 40110000;
inline constexpr int kCodeForbidden = 40310000;
inline constexpr int kCodeNotFound = 40410000;
inline constexpr int kCodeUnprocessable = 42210000;
inline constexpr int kCodeInternal = 50010000;
inline constexpr int kCodeBusy = 50310000;

http::Response AlpacaError(unsigned status, int code, std::string_view message);

// The same with more members after the message: JSON text such as `"reason":"no_price"`, without
// braces; empty: none.
http::Response AlpacaError(unsigned status, int code, std::string_view message,
                           std::string_view extras);

// A refusal that is not of one endpoint (no such path, busy, too large) in this form: its code is the
// status followed by 10000, as Alpaca's are. An http::Router::ErrorForm.
http::Response AlpacaForm(unsigned status, std::string_view detail);

}  // namespace livetape::api
