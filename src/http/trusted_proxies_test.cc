#include "http/trusted_proxies.h"

#include <gtest/gtest.h>

namespace livetape::http {
namespace {

TrustedProxies Trusting(const std::vector<std::string>& proxies) {
  return TrustedProxies::Parse(proxies).value();
}

std::string ErrorOf(const std::string& proxy) {
  const auto parsed = TrustedProxies::Parse(std::vector<std::string>{proxy});
  return parsed ? "" : parsed.error().message;
}

TEST(TrustedProxies, AreAddressesAndNetworks) {
  const TrustedProxies proxies =
      Trusting({"192.0.2.1", "10.0.0.0/8", "172.16.0.0/12", "2001:db8::/33", "::1"});
  for (const auto* address :
       {"192.0.2.1", "10.0.0.0", "10.255.255.255", "172.16.0.1", "172.31.255.255", "2001:db8::1",
        "2001:db8:7fff::", "::1", "::ffff:10.1.2.3"}) {
    EXPECT_TRUE(proxies.Trusts(address)) << address;
  }
  for (const auto* address : {"192.0.2.2", "11.0.0.0", "9.255.255.255", "172.32.0.0",
                              "2001:db8:8000::", "::2", "::10.0.0.1", "junk", ""}) {
    EXPECT_FALSE(proxies.Trusts(address)) << address;
  }
}

TEST(TrustedProxies, EveryoneIsAPrefixOfNothing) {
  EXPECT_TRUE(Trusting({"0.0.0.0/0"}).Trusts("203.0.113.9"));
  EXPECT_FALSE(Trusting({"0.0.0.0/0"}).Trusts("2001:db8::1")) << "of its own family";
  EXPECT_TRUE(Trusting({"::/0"}).Trusts("2001:db8::1"));
}

TEST(TrustedProxies, SaysWhatIsWrong) {
  for (const auto* proxy : {"", "proxy.example", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1",
                            "10.0.0.0/8x", "10.0.0", "2001:db8::/129", "/8", "10.0.0.1:80"}) {
    EXPECT_NE(ErrorOf(proxy).find("got \"" + std::string(proxy) + "\""), std::string::npos)
        << proxy << ": " << ErrorOf(proxy);
  }
  EXPECT_EQ(ErrorOf("10.1.2.3/8"),
            "server.trusted_proxies: \"10.1.2.3/8\" has bits behind its prefix; the network is "
            "10.0.0.0/8");
}

TEST(TrustedProxies, FindTheClientFromTheRight) {
  const TrustedProxies proxies = Trusting({"10.0.0.0/8", "fd00::/8"});
  struct Case {
    std::string peer;
    std::vector<std::string> fields;
    std::string client;
  };
  const std::vector<Case> cases = {
      {"10.0.0.1", {}, "10.0.0.1"},
      {"10.0.0.1", {"203.0.113.9"}, "203.0.113.9"},
      {"192.0.2.7", {"203.0.113.9"}, "192.0.2.7"},            // who is not trusted is not believed
      {"10.0.0.1", {"1.2.3.4, 203.0.113.9"}, "203.0.113.9"},  // what the client has made up
      {"10.0.0.1", {"203.0.113.9, 10.0.0.2"}, "203.0.113.9"},
      {"10.0.0.1", {"203.0.113.9,\t10.0.0.2 ,10.0.0.3"}, "203.0.113.9"},
      {"10.0.0.1", {"203.0.113.9", "10.0.0.2"}, "203.0.113.9"},  // two fields are one list
      {"10.0.0.1", {"203.0.113.8", "203.0.113.9"}, "203.0.113.9"},
      {"10.0.0.1", {"10.0.0.3, 10.0.0.2"}, "10.0.0.3"},  // all trusted: the farthest
      {"10.0.0.1", {"203.0.113.9:4711"}, "203.0.113.9"},
      {"10.0.0.1", {"2001:DB8::1"}, "2001:db8::1"},
      {"10.0.0.1", {"[2001:db8::1]"}, "2001:db8::1"},
      {"10.0.0.1", {"[2001:db8::1]:443"}, "2001:db8::1"},
      {"10.0.0.1", {"::ffff:203.0.113.9"}, "203.0.113.9"},
      {"fd00::1", {"203.0.113.9"}, "203.0.113.9"},
      {"10.0.0.1", {""}, "10.0.0.1"},
      {"10.0.0.1", {"unknown"}, "10.0.0.1"},
      {"10.0.0.1", {"_hidden, 10.0.0.2"}, "10.0.0.1"},
      {"10.0.0.1", {"junk, 203.0.113.9"}, "203.0.113.9"},  // not read that far
      {"10.0.0.1", {"203.0.113.9,"}, "10.0.0.1"},
      {"10.0.0.1", {"203.0.113.9:x"}, "10.0.0.1"},
      {"10.0.0.1", {"203.0.113.9:"}, "10.0.0.1"},
      {"10.0.0.1", {"[2001:db8::1"}, "10.0.0.1"},
      {"10.0.0.1", {"[2001:db8::1]443"}, "10.0.0.1"},
      {"10.0.0.1", {std::string("203.0.113.9\0", 12)}, "10.0.0.1"},
      {"10.0.0.1", {std::string(5000, '1')}, "10.0.0.1"}};
  for (const Case& c : cases) {
    Headers headers;
    headers.Add("X-Real-IP", "1.1.1.1");
    for (const std::string& field : c.fields) headers.Add("x-forwarded-for", field);
    EXPECT_EQ(proxies.ClientOf(c.peer, headers), c.client)
        << c.peer << " " << testing::PrintToString(c.fields);
  }
}

TEST(TrustedProxies, AChainWithoutEndIsJunk) {
  std::string chain = "203.0.113.9";
  for (int i = 0; i < 31; ++i) chain += ",10.0.0.2";
  const TrustedProxies proxies = Trusting({"10.0.0.0/8"});
  Headers headers;
  headers.Add("X-Forwarded-For", chain);
  EXPECT_EQ(proxies.ClientOf("10.0.0.1", headers), "203.0.113.9");
  Headers longer;
  longer.Add("X-Forwarded-For", chain + ",10.0.0.2");
  EXPECT_EQ(proxies.ClientOf("10.0.0.1", longer), "10.0.0.1");
}

}  // namespace
}  // namespace livetape::http
