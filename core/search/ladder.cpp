#include "search/ladder.h"
#include "base/error.h"
namespace paretoscope { void searchLadder(const SearchTask&, const SearchRequest&, std::span<const Subnet>, Archive&, SearchControl&) { throw ValueError({"search", "the ladder needs an MLP accuracy predictor", {}, {}}); } }
