#pragma once

// The schemas of /openapi.json: one text a family of endpoints, beside the family's sources. An
// endpoint names its schemas in its http::Route. Constants; any thread.
//
// Each text is one JSON object, from names to JSON Schemas, in which
//   "Name", "number", "Name[]", "Name|null"   stand for a schema: another one of these texts or a
//                                              type of JSON, an array of it, or null instead of it;
//   "name?": ...                               is a property that may be missing; others may not;
//   an object with "properties"                needs no "type" and no "required";
//   "x-events": {...}                          are the events of a stream; "message": those unnamed,
//                                              and those with any other name.
// ExpandSchemas (schema_text.h) writes them out.

#include <array>
#include <string_view>

namespace livetape::api::schemas {

extern const std::string_view kValues;         // value_schemas.cc
extern const std::string_view kMarket;         // market/market_schemas.cc
extern const std::string_view kPaper;          // paper/paper_schemas.cc
extern const std::string_view kJobs;           // jobs/job_schemas.cc
extern const std::string_view kRisk;           // risk/risk_schemas.cc
extern const std::string_view kChannels;       // channels/channel_schemas.cc
extern const std::string_view kEvents;         // events/event_schemas.cc
extern const std::string_view kNative;         // native/native_schemas.cc
extern const std::string_view kAlpacaOrders;   // alpaca/alpaca_schemas.cc
extern const std::string_view kAlpacaAccount;  // alpaca_account/account_schemas.cc
extern const std::string_view kAlpacaData;     // alpaca_data/asset_schemas.cc

inline const std::array kAll = {&kValues,       &kMarket,        &kPaper,     &kJobs,
                                &kRisk,         &kChannels,      &kEvents,    &kNative,
                                &kAlpacaOrders, &kAlpacaAccount, &kAlpacaData};

}  // namespace livetape::api::schemas
