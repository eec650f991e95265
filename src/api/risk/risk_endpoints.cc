#include "api/risk/risk_endpoints.h"

#include <memory>
#include <utility>

#include "api/access/guard.h"
#include "api/docs.h"
#include "api/risk/risk_json.h"

namespace livetape::api {
namespace {

const http::ParameterDoc kAccount{"account", "query",
                                  "The account's name; the default account if missing."};
const http::ResponseDoc kNoAccount{404, "application/problem+json", "There is no such account."};

http::Response Json(std::string body) {
  http::Response response;
  response.body = std::move(body);
  return response;
}

DeskAnswer RiskOf(Desk& desk) {
  return Json(RiskJson(
      desk.floor().Risk(desk.account()), desk.floor().risk_rules(), desk.account_name(), desk.now(),
      [&desk](model::InstrumentId id) -> const model::Instrument& { return desk.instrument(id); }));
}

// Waits for a read of the store, then asks the floor in its place.
class AskAfterRead final : public http::Responder::Taker {
 public:
  AskAfterRead(const RiskView& view, size_t loop, std::string account, http::Responder responder)
      : view_(view), loop_(loop), account_(std::move(account)), responder_(std::move(responder)) {}

  void TakeAnswer(uint64_t, http::Responder::Answer answer) override {
    const auto* const read = std::get_if<http::Response>(&answer);
    if (read == nullptr || read->status != 200) return responder_.Send(std::move(answer));
    auto asked = view_.trading.desk.Ask(loop_, account_, false, RiskOf);
    if (auto* const later = std::get_if<http::DeferredReply>(&asked)) {
      return later->begin(responder_);
    }
    if (auto* const now = std::get_if<http::Response>(&asked)) responder_.Send(std::move(*now));
  }

 private:
  const RiskView& view_;
  const size_t loop_;
  const std::string account_;
  const http::Responder responder_;
};

http::Reply GetRisk(const RiskView& view, const http::Request& request, size_t loop) {
  const auto account = view.trading.access.OfNative(request);
  if (!account) return account.error();
  return http::DeferredReply{[&view, loop, name = account->name](http::Responder responder) {
    const auto next = std::make_shared<AskAfterRead>(view, loop, name, std::move(responder));
    // The query keeps `next` until its answer has been sent.
    view.trading.store.Read(loop, http::Responder(next, 0), [&view, next](store::Reader& reader) {
      view.refresh_closes(reader);
      return http::Response();
    });
  }};
}

http::Reply GetLimits(const RiskView& view, size_t loop) {
  return view.trading.desk.Ask(loop, view.default_account, true, [](Desk& desk) -> DeskAnswer {
    return Json(RiskSettingsJson(desk.risk_settings()));
  });
}

http::Reply PutLimits(const RiskView& view, const http::Request& request, size_t loop) {
  // What is wrong with the body is so whatever was changed before.
  if (const auto readable = ChangeRiskOverrides({}, request.body); !readable) {
    const BodyError& error = readable.error();
    return http::Problem(error.status, error.detail, error.field);
  }
  return view.trading.desk.Ask(
      loop, view.default_account, true, [body = request.body](Desk& desk) -> DeskAnswer {
        auto changed = ChangeRiskOverrides(desk.risk_overrides(), body);
        if (!changed) return http::Problem(changed.error().status, changed.error().detail);
        desk.ChangeRisk(*std::move(changed));
        return Json(RiskSettingsJson(desk.risk_settings()));
      });
}

}  // namespace

void AddRisk(http::Router& router, const RiskView& view) {
  const Access& access = view.trading.server.access;
  router.Add(
      {.method = "GET",
       .pattern = "/api/v1/risk",
       .summary = "What an account risks: value at risk, drawdowns, exposure, its limits",
       .parameters = {kAccount},
       .responses = {{200, "application/json", "var, cvar, drawdown, exposure, limits.", "Risk"},
                     docs::kUnauthorized,
                     docs::kForbidden,
                     kNoAccount,
                     docs::kTryAgain},
       .handler = Guard(access, auth::Permission::kSubscribe,
                        [&view](const http::Request& request, size_t loop, const Caller&) {
                          return GetRisk(view, request, loop);
                        })});
  router.Add({.method = "GET",
              .pattern = "/api/v1/risk/limits",
              .summary = "The limits of risk, of all accounts",
              .parameters = {},
              .responses = {{200, "application/json", "The keys of [risk].", "RiskLimits"},
                            docs::kUnauthorized,
                            docs::kForbidden,
                            docs::kTryAgain},
              .handler = Guard(access, auth::Permission::kSubscribe,
                               [&view](const http::Request&, size_t loop, const Caller&) {
                                 return GetLimits(view, loop);
                               })});
  router.Add({.method = "PUT",
              .pattern = "/api/v1/risk/limits",
              .summary = "Changes some of the limits, for all accounts; null: as configured",
              .parameters = {},
              .request = {{"RiskLimitsChange"}},
              .responses = {{200, "application/json", "The keys of [risk] after it.", "RiskLimits"},
                            docs::kUnauthorized,
                            docs::kForbidden,
                            docs::kTooLarge,
                            docs::kBadBody,
                            docs::kTryAgain},
              .handler = Guard(access, auth::Permission::kAdmin,
                               [&view](const http::Request& request, size_t loop, const Caller&) {
                                 return PutLimits(view, request, loop);
                               })});
}

}  // namespace livetape::api
