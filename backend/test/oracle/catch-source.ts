/** What tests of Exercism's C++ track call, in a header that compiles in a second where Catch's own takes many. */
export const catchSource = `#pragma once
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace asks {
struct Case { const char *name; void (*run)(); };
inline std::vector<Case> &cases() { static std::vector<Case> all; return all; }
struct Added { Added(const char *name, void (*run)()) { cases().push_back({name, run}); } };
struct Failed { std::string what; };
inline const char *first(const char *name, const char * = "") { return name; }
}

#define ASKS_JOIN_(a, b) a##b
#define ASKS_JOIN(a, b) ASKS_JOIN_(a, b)
#define ASKS_CASE(name, ...) \\
  static void name(); \\
  static asks::Added ASKS_JOIN(name, _added)(asks::first(__VA_ARGS__), name); \\
  static void name()
#define TEST_CASE(...) ASKS_CASE(ASKS_JOIN(asks_case_, __LINE__), __VA_ARGS__)
#define REQUIRE(...) do { if (!(__VA_ARGS__)) throw asks::Failed{#__VA_ARGS__}; } while (false)
#define REQUIRE_FALSE(...) do { if (__VA_ARGS__) throw asks::Failed{"not " #__VA_ARGS__}; } while (false)
#define REQUIRE_NOTHROW(...) do { __VA_ARGS__; } while (false)
#define REQUIRE_THROWS(...) \\
  do { bool thrown = false; try { (void)(__VA_ARGS__); } catch (...) { thrown = true; } \\
    if (!thrown) throw asks::Failed{#__VA_ARGS__ " throws"}; } while (false)
#define REQUIRE_THROWS_AS(expression, type) \\
  do { bool thrown = false; try { (void)(expression); } catch (const type &) { thrown = true; } \\
    if (!thrown) throw asks::Failed{#expression " throws " #type}; } while (false)
#define CHECK REQUIRE
#define CHECK_FALSE REQUIRE_FALSE

int main() {
  std::size_t passed = 0;
  for (const auto &one : asks::cases()) {
    try {
      one.run();
      passed += 1;
    } catch (const asks::Failed &failed) {
      std::cout << one.name << ": " << failed.what << "\\n";
    } catch (const std::exception &error) {
      std::cout << one.name << ": " << error.what() << "\\n";
    }
  }
  if (passed != asks::cases().size()) return 1;
  std::cout << "all " << passed << " cases passed\\n";
}
`;
