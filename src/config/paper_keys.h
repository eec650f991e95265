#pragma once

// The keys of paper trading: sections [paper] and [risk], and the tables [[accounts]]. Pure
// functions.

#include <vector>

#include "config/key_table.h"

namespace livetape::config {

void AddPaperKeys(std::vector<Key>& keys);
void AddRiskKeys(std::vector<Key>& keys);

using AccountKey = KeyOf<AccountConfig>;
// "name", "key", "secret", ...: paths within the table.
std::vector<AccountKey> MakeAccountKeys();

}  // namespace livetape::config
