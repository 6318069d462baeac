// SPDX-FileCopyrightText: 2026 The Paretoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Errors of the library. Every error says in one line where it happened, what was found and what was allowed, so that
// the command line can print it as it stands and the window can show its parts.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace paretoscope {

/// The parts of an error. `where` is a file, with a key, line or byte behind a colon where one is known; `found` and
/// `allowed` may be empty.
struct ErrorParts {
    std::string where;
    std::string problem;
    std::string found;
    std::string allowed;
    bool operator==(const ErrorParts&) const = default;
};

/// Base of everything that the library throws on purpose. `what()` is one line:
/// `where: problem: found X; allowed Y`.
class Error : public std::runtime_error {
public:
    explicit Error(ErrorParts parts);
    const ErrorParts& parts() const noexcept { return m_parts; }

private:
    ErrorParts m_parts;
};

/// The operating system refused: a file cannot be opened, read, written or renamed.
class IoError final : public Error {
public:
    using Error::Error;
};

/// The content of a file or of a JSON document is not what its format allows.
class FormatError final : public Error {
public:
    using Error::Error;
};

/// A value lies outside what a space, a table, a predictor or a request allows.
class ValueError final : public Error {
public:
    using Error::Error;
};

/// Refused on purpose because it would be unsafe, such as a pickle that asks for a function.
class UnsafeError final : public Error {
public:
    using Error::Error;
};

/// `"a, b, c and 17 more"`: lists are cut so that an error stays one readable line.
std::string joinNames(const std::vector<std::string>& names, std::size_t atMost = 12);

/// The text with control characters and invalid UTF-8 escaped and its length bounded: for quoting what an untrusted
/// file holds.
std::string quote(std::string_view text, std::size_t atMost = 80);

} // namespace paretoscope
