#pragma once

// What auth/'s sources share to hold OpenSSL's objects and hand it bytes. Any thread.
//
// OpenSSL's own headers stay in the sources.

#include <string>
#include <string_view>

namespace livetape::auth {

// Deleter of a unique_ptr: std::unique_ptr<BIGNUM, OpensslFree<BN_free>>.
template <auto Free>
struct OpensslFree {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};

inline const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

inline unsigned char* Bytes(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

}  // namespace livetape::auth
