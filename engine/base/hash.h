// A stable 128-bit hash over 64-bit words, and the walker that feeds it any of our values.
//
// Equal values give equal digests on every compiler, build type and host: nothing here depends on addresses,
// padding, the standard library's hashes or byte order of the host. It is not cryptographic.
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "engine/base/fields.h"
#include "engine/base/strong.h"

namespace odradek {

/// 128 bits that stand for a value.
struct Digest {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  FIELDS(high, low)
  friend constexpr auto operator<=>(const Digest&, const Digest&) = default;
};

/// Accumulates words; the order matters. Two lanes, each a bijection of its state per word.
class Hasher {
 public:
  constexpr void word(std::uint64_t w) {
    a_ = (a_ ^ w) * 0x9E3779B185EBCA87u;
    a_ ^= a_ >> 32;
    b_ = (std::rotl(b_, 27) + a_) * 0xC2B2AE3D27D4EB4Fu;
    ++words_;
  }

  /// Length first; then blocks of 32 bytes, folded into two words; then the rest, eight bytes to a word,
  /// little-endian, the last one padded with zeros.
  constexpr void bytes(std::span<const std::uint8_t> data) {
    word(data.size());
    std::size_t i = 0;
    if (data.size() >= kBlock) {
      std::uint64_t x = a_;
      std::uint64_t y = b_;
      for (; i + kBlock <= data.size(); i += kBlock) {
        const std::uint8_t* block = data.data() + i;
        x = fold(x ^ load_eight(block), 0xA0761D6478BD642Fu ^ load_eight(block + 8));
        y = fold(y ^ load_eight(block + 16), 0xE7037ED1A0B428DBu ^ load_eight(block + 24));
      }
      word(x);
      word(y);
    }
    for (; i + 8 <= data.size(); i += 8) word(load_eight(data.data() + i));
    if (i < data.size()) word(load(data.subspan(i)));
  }

  constexpr void text(std::string_view s) {
    if consteval {
      std::vector<std::uint8_t> data(s.begin(), s.end());
      bytes(data);
    } else {
      bytes({reinterpret_cast<const std::uint8_t*>(s.data()), s.size()});
    }
  }

  [[nodiscard]] constexpr Digest finish() const {
    return {.high = mix(a_ ^ std::rotl(b_, 17) ^ words_), .low = mix(b_ + words_ * 0x165667B19E3779F9u)};
  }

  FIELDS(a_, b_, words_)
  friend bool operator==(const Hasher&, const Hasher&) = default;

 private:
  static constexpr std::size_t kBlock = 32;

  /// Both halves of a product of 128 bits; from wyhash.
  static constexpr std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = Wide{a} * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  }

  static constexpr std::uint64_t mix(std::uint64_t x) {  // the finaliser of MurmurHash3
    x = (x ^ (x >> 33)) * 0xFF51AFD7ED558CCDu;
    x = (x ^ (x >> 33)) * 0xC4CEB9FE1A85EC53u;
    return x ^ (x >> 33);
  }

  static constexpr std::uint64_t load_eight(const std::uint8_t* data) {
    if consteval {
      return load({data, 8});
    }
    std::uint64_t w = 0;
    std::memcpy(&w, data, sizeof(w));
    if constexpr (std::endian::native == std::endian::big) w = std::byteswap(w);
    return w;
  }

  static constexpr std::uint64_t load(std::span<const std::uint8_t> data) {
    std::uint64_t w = 0;
    for (std::size_t i = 0; i < data.size(); ++i) w |= std::uint64_t{data[i]} << (i * 8);
    return w;
  }

  std::uint64_t a_ = 0x27D4EB2F165667C5u;
  std::uint64_t b_ = 0x85EBCA77C2B2AE63u;
  std::uint64_t words_ = 0;
};

/// Types that know how to feed themselves (Cow, Bytes and the like).
template <class T>
concept FeedsHasher = requires(const T& x, Hasher& h) { x.feed(h); };

template <class T>
constexpr void feed(Hasher& h, const T& x);

namespace detail {

template <class T>
inline constexpr bool is_range_container = false;
template <class T, class A>
inline constexpr bool is_range_container<std::vector<T, A>> = true;
template <class T, class A>
inline constexpr bool is_range_container<std::deque<T, A>> = true;
template <class K, class C, class A>
inline constexpr bool is_range_container<std::set<K, C, A>> = true;
template <class K, class V, class C, class A>
inline constexpr bool is_range_container<std::map<K, V, C, A>> = true;

template <class T>
inline constexpr bool is_array = false;
template <class T, std::size_t N>
inline constexpr bool is_array<std::array<T, N>> = true;

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
inline constexpr bool is_variant = false;
template <class... Ts>
inline constexpr bool is_variant<std::variant<Ts...>> = true;

template <class T>
inline constexpr bool is_pair = false;
template <class A, class B>
inline constexpr bool is_pair<std::pair<A, B>> = true;

}  // namespace detail

template <class T>
constexpr void feed(Hasher& h, const T& x) {
  if constexpr (FeedsHasher<T>) {
    x.feed(h);
  } else if constexpr (std::is_enum_v<T>) {
    h.word(static_cast<std::uint64_t>(std::to_underlying(x)));
  } else if constexpr (std::is_integral_v<T>) {
    h.word(static_cast<std::uint64_t>(x));
  } else if constexpr (Strong<T>) {
    h.word(static_cast<std::uint64_t>(x.value()));
  } else if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    h.text(x);
  } else if constexpr (std::is_same_v<T, std::monostate>) {
    h.word(0);
  } else if constexpr (detail::is_optional<T>) {
    h.word(x.has_value() ? 1 : 0);
    if (x) feed(h, *x);
  } else if constexpr (detail::is_variant<T>) {
    h.word(x.index());
    std::visit([&h](const auto& alternative) { feed(h, alternative); }, x);
  } else if constexpr (detail::is_pair<T>) {
    feed(h, x.first);
    feed(h, x.second);
  } else if constexpr (std::is_same_v<T, std::vector<std::uint8_t>>) {
    h.bytes(x);
  } else if constexpr (detail::is_range_container<T> || detail::is_array<T>) {
    h.word(x.size());
    for (const auto& element : x) feed(h, element);
  } else {
    static_assert(HasFields<T>, "a value in state needs FIELDS");
    static_assert(fields_complete<T>, "FIELDS leaves a member out, or is out of order");
    x.visit_fields([&h](const auto&... member) { (feed(h, member), ...); });
  }
}

/// The digest of any of our values.
template <class T>
[[nodiscard]] constexpr Digest digest_of(const T& x) {
  Hasher h;
  feed(h, x);
  return h.finish();
}

}  // namespace odradek
